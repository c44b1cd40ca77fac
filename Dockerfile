FROM node:22-bookworm-slim AS build
WORKDIR /app
COPY package.json package-lock.json tsconfig.json ./
COPY config config
COPY src src
# Builds dist/ as well, then leaves out what only building needs. Node 22 has SQLite itself, so the optional better-sqlite3,
# which would want a compiler, stays out.
RUN npm ci --omit=optional --no-audit --no-fund \
  && npm prune --omit=dev --omit=optional --ignore-scripts --no-audit --no-fund

FROM node:22-bookworm-slim
# For pages whose article only a script shows. Pictures of pages (--screenshot, --pdf) in scripts beyond Latin, Greek and
# Cyrillic want fonts-noto-core and fonts-noto-cjk beside it.
RUN apt-get update \
  && apt-get install -y --no-install-recommends chromium fonts-liberation \
  && rm -rf /var/lib/apt/lists/*
ENV NODE_ENV=production TEARSHEET_ARCHIVE=/archive TEARSHEET_BROWSER_PATH=/usr/bin/chromium
WORKDIR /app
COPY --from=build /app/package.json ./
COPY --from=build /app/node_modules node_modules
COPY --from=build /app/dist dist
COPY --from=build /app/config config
RUN mkdir /archive && chown node:node /archive config/sources
USER node
VOLUME /archive
# Health and metrics of a watch.
EXPOSE 9477
ENTRYPOINT ["node", "/app/dist/cli.js"]
CMD ["--help"]
