/** The style sheet of the article page: quiet, light and dark, fit to be printed; system fonts only. */
export const ARTICLE_STYLE = `
:root{color-scheme:light dark;--paper:#fffefb;--ink:#1d1d1b;--quiet:#63625d;--rule:#dcdad3;--link:#0b5394;--box:#f4f2ec}
@media (prefers-color-scheme:dark){:root{--paper:#171716;--ink:#e9e7e1;--quiet:#a5a39b;--rule:#3a3935;--link:#8fbfee;--box:#22211f}}
*{box-sizing:border-box}
html{-webkit-text-size-adjust:100%}
body{margin:0;background:var(--paper);color:var(--ink);font:1.125rem/1.6 Charter,"Bitstream Charter","Noto Serif","Noto Naskh Arabic","Noto Serif CJK SC",Cambria,Georgia,serif;overflow-wrap:break-word}
main,footer{max-width:38rem;margin-inline:auto;padding-inline:1.25rem}
main{padding-block:3rem 2rem}
h1{font-size:clamp(1.7rem,1.2rem + 2.4vw,2.5rem);line-height:1.18;margin:0 0 1rem;text-wrap:balance}
h2,h3,h4,h5,h6{line-height:1.3;margin:2.2rem 0 .6rem}
h2{font-size:1.4rem}h3{font-size:1.2rem}h4,h5,h6{font-size:1.05rem}
p,ul,ol,figure,blockquote,aside,.table{margin:0 0 1.15rem}
a{color:var(--link);text-underline-offset:.15em;text-decoration-thickness:.06em}
.kicker{color:var(--quiet);font:.8rem/1.4 system-ui,sans-serif;letter-spacing:.02em;margin:0 0 .8rem}
.lead{font-size:1.25rem;line-height:1.5}
.byline,.dateline,.facts{color:var(--quiet);font:.9rem/1.5 system-ui,sans-serif;margin-bottom:.4rem}
.facts{border-bottom:1px solid var(--rule);padding-bottom:1.2rem;margin-bottom:1.6rem}
figure{margin-block:1.8rem}
figure img{display:block;max-width:100%;height:auto;background:var(--box)}
.picture{display:block;border:1px dashed var(--rule);background:var(--box);padding:.9rem 1rem;font:.9rem/1.45 system-ui,sans-serif}
figcaption{color:var(--quiet);font:.9rem/1.45 system-ui,sans-serif;padding-top:.5rem}
figcaption p{margin:0}
.credit{font-size:.8rem}
blockquote{margin-inline:0;padding-inline-start:1.2rem;border-inline-start:3px solid var(--rule)}
blockquote>:last-child,aside>:last-child{margin-bottom:0}
aside{background:var(--box);padding:1.1rem 1.3rem;font-size:1rem}
aside :first-child{margin-top:0}
.correction{border-inline-start:3px solid #b26a00}
.table{overflow-x:auto;font:.95rem/1.4 system-ui,sans-serif}
table{border-collapse:collapse;width:100%;font-variant-numeric:tabular-nums}
th,td{text-align:start;vertical-align:top;padding:.4rem .7rem;border-bottom:1px solid var(--rule)}
thead th{border-bottom:2px solid var(--rule)}
li{margin-bottom:.3rem}
footer{border-top:1px solid var(--rule);padding-block:1.2rem 3rem;color:var(--quiet);font:.8rem/1.5 system-ui,sans-serif}
dl{display:grid;grid-template-columns:max-content 1fr;gap:.15rem 1rem;margin:0}
dt{font-weight:600}dd{margin:0;overflow-wrap:anywhere}
footer p{margin:.8rem 0 0}
@media print{body{font-size:11pt;background:none;color:#000}main{padding-top:0}a{color:inherit}figure,aside,tr{break-inside:avoid}}
`;
