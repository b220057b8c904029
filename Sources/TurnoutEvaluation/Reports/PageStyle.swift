/// What the page looks like, and the few lines that sort its table.
enum PageStyle {
  static let css = """
    :root { color-scheme: light dark; --text: #1c2024; --back: #fff; --faint: #60666c; --line: #d9dce0; \
    --mark: #1565c0; --good: rgba(46,125,50,.22) }
    @media (prefers-color-scheme: dark) { :root { --text: #e4e6e8; --back: #16181b; --faint: #9aa1a8; \
    --line: #34393f; --mark: #7ab7ff; --good: rgba(102,187,106,.28) } }
    body { margin: 0; color: var(--text); background: var(--back); font: 15px/1.5 system-ui, sans-serif }
    main { max-width: 70rem; margin: 0 auto; padding: 1rem }
    h1 { font-size: 1.5rem } h2 { font-size: 1.15rem; margin-top: 2rem }
    small, caption, dt { color: var(--faint) }
    dl { display: grid; grid-template-columns: repeat(auto-fill, minmax(15rem, 1fr)); gap: .75rem }
    dl div { border: 1px solid var(--line); border-radius: .4rem; padding: .5rem .75rem }
    dd { margin: 0; font-size: 1.1rem }
    .scroll { overflow-x: auto }
    table { border-collapse: collapse; font-variant-numeric: tabular-nums }
    caption { text-align: left; font-size: .85rem }
    th, td { padding: .25rem .6rem; border-bottom: 1px solid var(--line); text-align: right; vertical-align: top }
    th { font-weight: 600 } th[scope=row], td.texts { text-align: left }
    td ul { margin: 0; padding-left: 1rem }
    th button { font: inherit; color: inherit; background: none; border: 0; padding: 0; cursor: pointer; \
    text-decoration: underline dotted }
    .matrix th, .matrix td { padding: .15rem .35rem; border: 1px solid var(--line); text-align: center }
    .matrix thead th span { writing-mode: vertical-rl; max-height: 12rem }
    .matrix .right { background: var(--good) }
    svg { max-width: 24rem; width: 100% } svg text { fill: var(--faint); font-size: 12px }
    svg rect { fill: none; stroke: var(--line) } svg line { stroke: var(--faint); stroke-dasharray: 4 4 }
    svg polyline { fill: none; stroke: var(--mark); stroke-width: 1.5 } svg circle { fill: var(--mark) }
    """

  static let script = """
    for (const table of document.querySelectorAll("table.sortable")) {
      const heads = [...table.tHead.rows[0].cells];
      heads.forEach((head, column) => head.firstChild.addEventListener("click", () => {
        const up = head.getAttribute("aria-sort") !== "ascending";
        const key = row => row.cells[column].dataset.sort;
        const rows = [...table.tBodies[0].rows].sort((a, b) => {
          const order = key(a) === undefined
            ? a.cells[column].textContent.localeCompare(b.cells[column].textContent)
            : (key(a) === "" ? -1 : Number(key(a))) - (key(b) === "" ? -1 : Number(key(b)));
          return up ? order : -order;
        });
        heads.forEach(other => other.removeAttribute("aria-sort"));
        head.setAttribute("aria-sort", up ? "ascending" : "descending");
        table.tBodies[0].append(...rows);
      }));
    }
    """
}
