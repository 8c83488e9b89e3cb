declare const self: ServiceWorkerGlobalScope;
console.log('__PRECACHE__', '__SHELL_DIGEST__', self);
export {};
