// All that has to do with red packets and wallets, in one piece, which is loaded where there are some.
export { default as PacketCard } from './PacketCard.vue';
export { default as PacketDialogs } from './PacketDialogs.vue';
export { default as WalletPart } from './WalletPart.vue';
