/** The style sheet of the labelled view: dense, light and dark, wide and narrow, on paper. No script anywhere: switches are checkboxes. */
export const VIEW_STYLE = `
:root{color-scheme:light dark;--paper:#fff;--desk:#eef0f2;--ink:#16191d;--quiet:#5b636d;--rule:#d5d9de;--soft:#f7f8f9;--focus:#0b66d0;--link:#0b5394;--bad:#b3261e;--good:#0a6b45;--row:#fff}
@media (prefers-color-scheme:dark){:root{--paper:#14171a;--desk:#0c0e10;--ink:#e6e9ec;--quiet:#98a1ab;--rule:#2c3238;--soft:#1a1e22;--focus:#7db4ff;--link:#8fc1f5;--bad:#ff9d92;--good:#7fd6ae;--row:#14171a}}
*{box-sizing:border-box}
html{-webkit-text-size-adjust:100%;scroll-padding-top:1rem}
body{margin:0;background:var(--desk);color:var(--ink);font:.875rem/1.45 system-ui,"Segoe UI","Noto Sans","Noto Sans Arabic","Noto Sans Hebrew","Noto Sans Thai","Noto Sans CJK SC",sans-serif;overflow-wrap:anywhere}
a{color:var(--link);text-underline-offset:.15em;text-decoration-thickness:.06em}
a:focus-visible,summary:focus-visible{outline:2px solid var(--focus);outline-offset:1px}
.t{position:fixed;inset:0 auto auto 0;opacity:0;pointer-events:none;width:1px;height:1px;margin:0}
bdi{unicode-bidi:isolate}
code,.n,.path,.num{font-family:ui-monospace,"Cascadia Mono","DejaVu Sans Mono",Menlo,monospace;font-size:.75rem}
.num{font-variant-numeric:tabular-nums}

.panel{background:var(--paper);border-bottom:1px solid var(--rule);padding:1rem clamp(.75rem,2vw,1.5rem) 1.1rem}
.panel h1{font-size:clamp(1.1rem,1rem + .8vw,1.6rem);line-height:1.25;margin:.15rem 0 .4rem;text-wrap:balance}
.eyebrow{display:flex;flex-wrap:wrap;gap:.3rem .6rem;align-items:center;color:var(--quiet);font-size:.8rem;margin:0}
.kind{border:1.5px solid currentColor;border-radius:3px;padding:0 .4rem;font-weight:650;color:var(--ink)}
.facts{display:grid;grid-template-columns:repeat(auto-fit,minmax(min(100%,30rem),1fr));gap:.25rem 2rem;margin:.8rem 0 0}
.facts table{border-collapse:collapse;width:100%;align-self:start}
.facts td,.facts th{text-align:start;vertical-align:top;padding:.16rem .5rem .16rem 0;border-top:1px solid var(--rule);font-weight:400}
.facts th{color:var(--quiet);width:6.5rem;white-space:nowrap}
.facts td:last-child{width:7rem;color:var(--quiet);padding-inline-end:0}
.from{border:1px solid var(--rule);border-radius:3px;padding:0 .3rem;font-size:.72rem;white-space:nowrap}
.lost{color:var(--quiet)}.lost::before{content:"✗ "}.won::before{content:"✓ ";color:var(--good);font-weight:700}
.facts .from+.from{margin-inline-start:.25rem}
.none{color:var(--quiet);font-style:italic}
.facts ul,.reasons{list-style:none;margin:0;padding:0}
.facts details{margin:0}summary{cursor:pointer;color:var(--quiet)}

.desk{display:grid;grid-template-columns:1.6rem 13.5rem minmax(0,1fr);align-items:start;gap:0 .9rem;padding-inline-end:clamp(.5rem,1.5vw,1.25rem)}
.strip{position:sticky;top:0;height:100vh;height:100dvh;width:1.6rem;background:var(--paper);border-inline-end:1px solid var(--rule);display:block}
.strip rect{fill:var(--mixed)}.strip .boilerplate rect{opacity:.32}.strip a:hover rect{opacity:1;stroke:var(--ink);stroke-width:.4}
.side{position:sticky;top:0;max-height:100vh;max-height:100dvh;overflow:auto;padding:.7rem .2rem 1rem;font-size:.8rem;scrollbar-width:thin}
.side h2{font-size:.72rem;letter-spacing:.04em;color:var(--quiet);margin:.8rem 0 .2rem;font-weight:650;display:flex;justify-content:space-between}
.side h2:first-child{margin-top:0}
.side ul{list-style:none;margin:0;padding:0}
.side li{display:flex;align-items:center;gap:.4rem;border-radius:3px;padding-inline:.15rem}
.side label{flex:1;display:flex;align-items:center;gap:.4rem;cursor:pointer;padding-block:.08rem}
.side li:hover{background:var(--soft)}
.side .first{text-decoration:none;color:var(--quiet);padding-inline:.25rem}
.swatch{flex:none;width:.8rem;height:.8rem;border-radius:2px;background:var(--mixed);border:1.5px solid var(--mixed)}
.boilerplate>label>.swatch{background:repeating-linear-gradient(135deg,var(--mixed) 0 1.5px,transparent 1.5px 4px)}
.side .num{color:var(--quiet);margin-inline-start:auto}
.switch{display:flex;align-items:center;gap:.4rem;cursor:pointer;padding:.08rem .15rem;border-radius:3px}
.switch::before{content:"";flex:none;width:.8rem;height:.8rem;border:1.5px solid var(--quiet);border-radius:2px}
.switch.one::before{border-radius:50%}

main{padding-block:.7rem 3rem;min-width:0}
.b,.run{display:grid;grid-template-columns:11.2rem minmax(0,1fr) minmax(13rem,22rem);gap:0 .8rem;position:relative;background:var(--row);border-inline-start:6px solid var(--mixed);border-bottom:1px solid var(--rule)}
main>:first-child{border-start-start-radius:4px;border-start-end-radius:4px}main>:last-child{border-end-start-radius:4px;border-end-end-radius:4px}
.b,.tag{padding-block:.3rem}.run>.tag,.run>.text{padding-block:.25rem}
.b{padding-inline-end:.5rem}
.tag{padding-inline-start:.6rem;padding-block:0;display:flex;gap:.1rem .4rem;align-items:baseline;align-content:start;font-size:.78rem}
.label{font-weight:650;white-space:nowrap;border-radius:3px;padding:0 .32rem;line-height:1.35}
.article .label{background:var(--mixed);color:var(--row)}
.boilerplate .label{box-shadow:inset 0 0 0 1px var(--mixed);color:var(--ink)}
.n{flex:none;color:var(--quiet);text-decoration:none;min-width:2rem}.n:hover{text-decoration:underline}
.sure{color:var(--quiet)}
.unsure>.tag .sure,.unsure>.n{color:var(--bad);font-weight:700}
.origin{font-size:.7rem;border:1px dashed var(--quiet);border-radius:3px;padding:0 .25rem;color:var(--quiet)}
.text{min-width:0}.said{white-space:pre-line;display:block}
.article .text{font-size:.95rem;line-height:1.5}
.l-headline .text{font-size:1.3rem;font-weight:700;line-height:1.3}
.l-heading .text{font-weight:700;font-size:1.05rem}.l-lead .text{font-weight:600}
.l-quote .text{border-inline-start:3px solid var(--rule);padding-inline-start:.6rem;margin-inline-start:.1rem}
.article.l-list .said::before{content:"• "}.d2 .text{padding-inline-start:1.3rem}.d3 .text{padding-inline-start:2.6rem}.d4 .text{padding-inline-start:3.9rem}
main .boilerplate{--row:repeating-linear-gradient(135deg,var(--soft) 0 7px,var(--desk) 7px 8px);border-inline-start-style:double;color:var(--quiet)}
main .boilerplate .text{font-size:.82rem}main .boilerplate .said{display:inline}
.cells{display:flex;flex-wrap:wrap;gap:.1rem 0}.cells span{border:1px solid var(--rule);padding:0 .4rem;margin:0 -1px -1px 0;min-width:4rem}
.to{color:var(--quiet);font-size:.74rem;direction:ltr;unicode-bidi:isolate;display:inline-block;max-width:100%;overflow:hidden;text-overflow:ellipsis;white-space:nowrap;vertical-align:bottom}.text>.to{margin-inline-start:.4em}.said .to{margin-inline-start:.25em;max-width:13rem}
.links{list-style:none;margin:.1rem 0 0;padding:0;white-space:normal}
.media{display:flex;align-items:baseline;gap:.4rem;flex-wrap:wrap;border:1px dashed var(--quiet);border-radius:3px;padding:.15rem .45rem;margin-bottom:.2rem;white-space:normal;font-size:.8rem;color:var(--quiet);background:var(--soft)}
.media b{font-weight:650}.media a{min-width:0;max-width:100%}main .boilerplate .media{display:inline-flex;margin-inline-end:.3rem;padding-block:0;max-width:100%}
.cc{font:600 .68rem ui-monospace,monospace;border:1px solid var(--bad);color:var(--bad);border-radius:2px;padding:0 .15rem;margin-inline:.1rem;unicode-bidi:isolate;direction:ltr}
.pieces{display:flex;flex-wrap:wrap;gap:.1rem .15rem;grid-column:2;min-width:0}
.run .b{display:block;position:static;border:0;padding:.02rem .3rem;border-radius:3px;background:var(--paper);box-shadow:inset 0 0 0 1px var(--rule);font-size:.8rem;max-width:100%}
.run .b .n{min-width:0;font-size:.64rem;margin-inline-end:.25rem}
.run{padding-block:.3rem;padding-inline-end:.5rem}.run>.tag{padding-block:0}
.b:hover,.b:focus-within,.b:target{background:var(--paper);box-shadow:inset 0 0 0 2px var(--mixed)}
.b:target{box-shadow:inset 0 0 0 3px var(--focus)}
.run .b:hover,.run .b:focus-within{box-shadow:inset 0 0 0 1.5px var(--mixed);color:var(--ink)}

.reasons{font-size:.78rem;line-height:1.35}
.top{color:var(--quiet);font-size:.72rem;line-height:1.3;padding-top:.12rem;overflow:hidden}.top span{display:block;white-space:nowrap;overflow:hidden;text-overflow:ellipsis}
.why{display:none;grid-column:3;grid-row:1;color:var(--ink);font-size:.78rem;line-height:1.4;white-space:normal}
.b:hover>.why,.b:focus-within>.why,.b:target>.why,#o-why:checked~.desk .b>.why{display:block}
.b>.why{position:absolute;inset-block-start:.2rem;inset-inline-end:.5rem;width:21rem;max-width:calc(100vw - 1rem);background:var(--paper);border:1px solid var(--rule);border-radius:4px;padding:.4rem .6rem;z-index:3;box-shadow:0 3px 12px #0003}
.b:hover>.why{z-index:5}
#o-why:checked~.desk .b>.why{position:static;width:auto;box-shadow:none}#o-why:checked~.desk .top{display:none}
#o-why:checked~.desk .run .pieces{display:block}#o-why:checked~.desk .run .b{margin-bottom:.2rem}
.why p{margin:0 0 .15rem}.why .path{color:var(--quiet)}
.reasons li{display:grid;grid-template-columns:2.6rem minmax(0,1fr);gap:0 .4rem}
.w{text-align:end;font-weight:700}.w.for{color:var(--good)}.w.against{color:var(--bad)}
.reasons small{color:var(--quiet);display:block;font-size:.74rem}

#r-article:checked~.desk main .boilerplate,#r-article:checked~.desk .strip .boilerplate,#r-boilerplate:checked~.desk main .article,#r-boilerplate:checked~.desk .strip .article,#o-unsure:checked~.desk main .b:not(.unsure),#o-unsure:checked~.desk main .run:not(.has-unsure){display:none}
#r-all:checked~.desk [for=r-all]::before,#r-article:checked~.desk [for=r-article]::before,#r-boilerplate:checked~.desk [for=r-boilerplate]::before,#o-why:checked~.desk [for=o-why]::before,#o-unsure:checked~.desk [for=o-unsure]::before{background:var(--ink);border-color:var(--ink)}
#r-all:focus-visible~.desk [for=r-all],#r-article:focus-visible~.desk [for=r-article],#r-boilerplate:focus-visible~.desk [for=r-boilerplate],#o-why:focus-visible~.desk [for=o-why],#o-unsure:focus-visible~.desk [for=o-unsure]{outline:2px solid var(--focus)}

@media (prefers-color-scheme:dark){[class*="l-"]{--mixed:var(--dark-c)}.article .label{color:#0c0e10}}
@media (prefers-color-scheme:light){[class*="l-"]{--mixed:var(--paper-c)}}
@media (max-width:68rem){
.desk{grid-template-columns:1.1rem minmax(0,1fr);gap:0 .5rem}.strip{width:1.1rem;grid-row:1/3}
.side{position:static;max-height:none;grid-column:2;padding-bottom:.2rem}.side ul{display:flex;flex-wrap:wrap;gap:.1rem .3rem}.side li{border:1px solid var(--rule);background:var(--paper)}.side h2{justify-content:flex-start;gap:.6rem}
main{grid-column:2}
.b,.run{grid-template-columns:minmax(0,1fr)}.run .pieces{grid-column:1}.b>.text,.b>.tag,.run>.tag,.run>.pieces{padding-inline:.6rem .2rem}.side .switch{display:inline-flex;margin-inline-end:.6rem}.side .switch .num{margin-inline-start:.3rem}
.top{display:none}.b>.why,#o-why:checked~.desk .b>.why{position:static;width:auto;grid-column:1;grid-row:auto;margin:.3rem .2rem .2rem .6rem;box-shadow:none}
.b:hover:not(:focus-within):not(:target)>.why{display:none}#o-why:checked~.desk .b:hover>.why{display:block}
}
@media print{.strip,.side{display:none}.desk{display:block;padding:0}body,.panel{background:none}.b,.run{break-inside:avoid;print-color-adjust:exact;-webkit-print-color-adjust:exact}.b:hover>.why,.b:target>.why{display:none}#o-why:checked~.desk .b>.why{display:block}}
@media (prefers-contrast:more){:root{--quiet:var(--ink)}}
`;
