import 'photoswipe/style.css';

// Both are loaded with the first picture that is opened.
export { default as PhotoSwipe } from 'photoswipe';
