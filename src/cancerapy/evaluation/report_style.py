"""How the HTML report looks, on a screen and on paper."""

STYLE = """
:root { color-scheme: light; }
body { margin: 0; background: #fff; color: #1f2933;
  font: 15px/1.5 system-ui, "Segoe UI", Roboto, "Helvetica Neue", Arial, sans-serif; }
main { max-width: 70rem; margin: 0 auto; padding: 1.5rem 1.25rem 4rem; }
h1 { font-size: 1.7rem; line-height: 1.25; margin: .5rem 0; }
h2 { font-size: 1.3rem; margin: 2.5rem 0 .5rem; padding-top: .75rem;
  border-top: 1px solid #cbd2d9; }
h3 { font-size: 1.05rem; margin: 1.75rem 0 .4rem; }
p { max-width: 46rem; margin: .4rem 0 .8rem; }
code { font: .9em ui-monospace, "DejaVu Sans Mono", Consolas, monospace; overflow-wrap: anywhere; }
h2 code { color: #52606d; font-weight: normal; }
nav a { margin-right: 1rem; }
a { color: #1d5fa8; }
.leaking { border-left: .35rem solid #b91c1c; background: #fef2f2; padding: .6rem .9rem; }
.scroll { overflow-x: auto; }
table { border-collapse: collapse; font-variant-numeric: tabular-nums; margin: .25rem 0 .75rem; }
th, td { text-align: left; padding: .3rem .9rem .3rem 0; border-bottom: 1px solid #e4e7eb;
  vertical-align: top; }
thead th { color: #52606d; font-weight: 600; white-space: nowrap; }
tbody th { font-weight: normal; }
td { white-space: nowrap; }
td code { white-space: normal; }
.plots { display: flex; flex-wrap: wrap; gap: 1.5rem; align-items: flex-start; margin: 1rem 0; }
figure { margin: 0; max-width: 100%; }
figure img { display: block; max-width: min(100%, 30rem); height: auto; }
figcaption { color: #52606d; font-size: .9rem; }
@page { size: A4 landscape; margin: 12mm; }
@media print {
  body { font-size: 10.5px; }
  section + section h2 { break-before: page; }
  figure, tr { break-inside: avoid; }
  .scroll { overflow: visible; }
  .plots { display: block; }
  .plots figure { display: inline-block; width: 31%; margin-right: 1.5%; vertical-align: top; }
}
"""
