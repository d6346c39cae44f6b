// Starts Swagger UI on the contract of this server. Keys stay in the page's memory: nothing is stored.
SwaggerUIBundle({
    url: '/openapi.yaml',
    dom_id: '#operations',
    deepLinking: true,
    docExpansion: 'list',
    filter: false,
    persistAuthorization: false,
    validatorUrl: null,
    defaultModelsExpandDepth: -1,
    tryItOutEnabled: false,
    presets: [SwaggerUIBundle.presets.apis],
    layout: 'BaseLayout',
});

// What Swagger UI leaves out for people who use a keyboard or a screen reader: names of lists, focus for what scrolls.
const nameOf = (list) => list.closest('tr')?.dataset.paramName ?? list.closest('.responses-wrapper, .opblock-section')?.querySelector('h4, th')?.textContent;
new MutationObserver(() => {
    for (const list of document.querySelectorAll('select:not([aria-label])')) list.setAttribute('aria-label', nameOf(list) ?? 'choice');
    for (const text of document.querySelectorAll('pre.microlight:not([tabindex])')) text.tabIndex = 0;
}).observe(document.getElementById('operations'), { childList: true, subtree: true });
