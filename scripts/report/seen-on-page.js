/** What a page shows, for `page.evaluate`: it runs in the page. */
export function seenOnPage() {
  const textsOf = (root, selector) => [...root.querySelectorAll(selector)].map((one) => one.textContent);
  const rowsOf = (label) => {
    const region = document.querySelector(`[role="region"][aria-label="${label}"]`);
    return [...region.querySelectorAll('tbody tr')].map((row) => textsOf(row, 'th, td'));
  };
  const models = Object.fromEntries(
    rowsOf('Models').map(([name, errors, , calibrationError]) => {
      const svg = document.querySelector(`svg[aria-label^="Confusion matrix of ${name}:"]`);
      return [
        name,
        {
          errors,
          calibrationError,
          counts: rowsOf(`Confusion matrix of ${name}, as a table`).map((row) => row.slice(1).map(Number)),
          // Without the names of classes and axes.
          drawnCounts: textsOf(svg, 'text')
            .filter((text) => /^\d+$/.test(text))
            .map(Number),
        },
      ];
    }),
  );
  const isScrolling = ({ scrollWidth, clientWidth }) => scrollWidth > clientWidth;
  return {
    models,
    captions: textsOf(document, 'figcaption'),
    overflow: document.documentElement.scrollWidth - window.innerWidth,
    // An element that a mouse can scroll and a keyboard cannot.
    unreachable: [...document.querySelectorAll('main *')]
      .filter((one) => isScrolling(one) && getComputedStyle(one).overflowX === 'auto' && one.tabIndex < 0)
      .map(({ className }) => String(className)),
    smallTexts: [...document.querySelectorAll('svg[role="img"] text')].filter(
      (text) => text.getBoundingClientRect().height < 10 && text.getAttribute('font-size') !== null,
    ).length,
  };
}
