// Apart from the rest: loaded by those alone who see something that is encrypted.
export { missingIn } from 'im-chat/end-to-end';
