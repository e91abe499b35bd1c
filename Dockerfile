# `npm install --no-save` and not `npm ci`, for the reason in scripts/ready.mjs: the locked versions all the same.

# Compiles; nothing of this stage but dist/ goes on.
FROM node:24-bookworm-slim AS build
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
RUN npm install --no-save --ignore-scripts
COPY tsconfig.json ./
COPY scripts scripts
COPY src src
RUN node scripts/build.mjs

FROM node:24-bookworm-slim AS dependencies
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
RUN npm install --no-save --omit=dev --ignore-scripts

FROM node:24-bookworm-slim
# The last makes room for the batches of a storm: scripts/ready.mjs says why.
ENV NODE_ENV=production MM_DATA_DIR=/data NODE_OPTIONS=--max-semi-space-size=64
WORKDIR /app
COPY --from=dependencies /app/node_modules node_modules
COPY --from=build /app/dist dist
COPY migrations migrations
COPY package.json ./
RUN install -d -o 1000 -g 1000 -m 0700 /data
# By number, so that Kubernetes can see that it is not root. It is the image's user "node".
USER 1000:1000
VOLUME /data
EXPOSE 8080
HEALTHCHECK --interval=10s --timeout=5s --start-period=60s --retries=3 \
  CMD ["node", "-e", "fetch('http://127.0.0.1:8080/-/healthy').then((r) => process.exit(r.ok ? 0 : 1), () => process.exit(1))"]
ENTRYPOINT ["node", "dist/main.js"]
CMD ["serve"]
