FROM node:22-bookworm-slim AS build
WORKDIR /app
COPY package.json package-lock.json tsconfig.json ./
COPY config config
COPY src src
# Builds dist/ as well, then leaves out what only building needs.
RUN npm ci --no-audit --no-fund && npm prune --omit=dev --ignore-scripts --no-audit --no-fund

FROM node:22-bookworm-slim
ENV NODE_ENV=production TEARSHEET_ARCHIVE=/archive
WORKDIR /app
COPY --from=build /app/package.json ./
COPY --from=build /app/node_modules node_modules
COPY --from=build /app/dist dist
COPY --from=build /app/config config
RUN mkdir /archive && chown node:node /archive
USER node
VOLUME /archive
ENTRYPOINT ["node", "/app/dist/cli.js"]
CMD ["--help"]
