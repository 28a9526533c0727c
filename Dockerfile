# The three programs, a target for each: docker build --target im-server -t im-server .
# `npm run images` runs these steps without Docker, and starts what comes of them (docs/deploy.md).

# Debian's C library, as the tests have it. A release for the internet names a digest: --build-arg NODE=24-bookworm-slim@sha256:…
ARG NODE=24-bookworm-slim

FROM node:${NODE} AS built
WORKDIR /app
COPY . .
# No package runs a script of its own: nothing has to be compiled.
RUN npm ci --ignore-scripts --no-audit --no-fund \
    && npm run build \
    && rm -rf packages/*/src packages/*/dist/*.tsbuildinfo

FROM built AS im-server-files
RUN npm ci --ignore-scripts --no-audit --no-fund --omit=dev --workspace im-server

FROM built AS im-platform-files
RUN npm ci --ignore-scripts --no-audit --no-fund --omit=dev --workspace im-platform \
    && mkdir /data \
    && chown 1000:1000 /data

FROM built AS im-gateway-files
RUN npm ci --ignore-scripts --no-audit --no-fund --omit=dev --workspace im-gateway

# In each: health and metrics on all interfaces, for probes and Prometheus; publish that port to nobody. The program itself is
# process 1, without npm and without a shell, so that it hears SIGTERM and drains.

FROM node:${NODE} AS im-server
ENV NODE_ENV=production IM_ADMIN_HOST=0.0.0.0 IM_ADMIN_PORT=9878
WORKDIR /app
COPY --from=im-server-files /app/node_modules ./node_modules
COPY --from=im-server-files /app/packages/im-common ./packages/im-common
COPY --from=im-server-files /app/packages/im-server ./packages/im-server
USER 1000:1000
EXPOSE 8878 9878
HEALTHCHECK --interval=10s --timeout=5s --start-period=20s --retries=3 \
    CMD ["node", "-e", "fetch('http://127.0.0.1:' + process.env.IM_ADMIN_PORT + '/healthz').then(({ ok }) => process.exit(ok ? 0 : 1))"]
ENTRYPOINT ["node", "packages/im-server/bin/im-server.js"]

FROM node:${NODE} AS im-platform
ENV NODE_ENV=production IM_PLATFORM_OPERATIONS_HOST=0.0.0.0 IM_PLATFORM_OPERATIONS_PORT=8889 IM_PLATFORM_FILES_DIR=/data/files
WORKDIR /app
COPY --from=im-platform-files --chown=1000:1000 /data /data
COPY --from=im-platform-files /app/node_modules ./node_modules
COPY --from=im-platform-files /app/packages/im-common ./packages/im-common
COPY --from=im-platform-files /app/packages/im-client ./packages/im-client
COPY --from=im-platform-files /app/packages/im-platform ./packages/im-platform
USER 1000:1000
VOLUME /data
EXPOSE 8888 8889
HEALTHCHECK --interval=10s --timeout=5s --start-period=20s --retries=3 \
    CMD ["node", "-e", "fetch('http://127.0.0.1:' + process.env.IM_PLATFORM_OPERATIONS_PORT + '/healthz').then(({ ok }) => process.exit(ok ? 0 : 1))"]
ENTRYPOINT ["node", "packages/im-platform/bin/im-platform.js"]
CMD ["start"]

FROM node:${NODE} AS im-gateway
ENV NODE_ENV=production IM_GATEWAY_HOST=0.0.0.0 IM_GATEWAY_ADMIN_HOST=0.0.0.0 IM_GATEWAY_ADMIN_PORT=9880
WORKDIR /app
COPY --from=im-gateway-files /app/node_modules ./node_modules
COPY --from=im-gateway-files /app/packages/im-common ./packages/im-common
COPY --from=im-gateway-files /app/packages/im-client ./packages/im-client
COPY --from=im-gateway-files /app/packages/im-gateway ./packages/im-gateway
USER 1000:1000
EXPOSE 8880 9880
HEALTHCHECK --interval=10s --timeout=5s --start-period=20s --retries=3 \
    CMD ["node", "-e", "fetch('http://127.0.0.1:' + process.env.IM_GATEWAY_ADMIN_PORT + '/healthz').then(({ ok }) => process.exit(ok ? 0 : 1))"]
ENTRYPOINT ["node", "packages/im-gateway/bin/im-gateway.js"]
CMD ["start"]
