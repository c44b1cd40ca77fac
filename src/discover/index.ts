/** Where pages come from: feeds, sitemaps and lists, read once they were fetched. Nothing here asks a network. */
export { articleLikelihood } from './article-likelihood.ts';
export type { Likelihood, LikelihoodEvidence } from './article-likelihood.ts';
export { guessArticleId } from './article-id.ts';
export { readDiscovery } from './discovery.ts';
export type { Discovery, DiscoveryContext, FetchedDocument } from './discovery.ts';
export { readFeed } from './feed.ts';
export type { Feed } from './feed-entry.ts';
export { findDocuments } from './find-documents.ts';
export type { FoundDocument, FoundDocuments, Probe, ProbeAnswer } from './find-documents.ts';
export type { Found } from './found.ts';
export { feedsOf, readListing } from './listing.ts';
export type { Listing, ListingLink, ListingOptions } from './listing.ts';
export { Scope, SCOPE_REASONS, scopeOf } from './scope.ts';
export type { Admission, ScopeOptions, ScopeReason } from './scope.ts';
export { readSitemap } from './sitemap.ts';
export type { Sitemap } from './sitemap.ts';
export { newSourceYaml } from './source-text.ts';
export type { NewSource } from './source-text.ts';
