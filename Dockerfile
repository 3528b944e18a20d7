# One image for API and worker; see docker-compose.yml.
FROM node:24-bookworm-slim AS build
WORKDIR /app
RUN apt-get update \
 && apt-get install -y --no-install-recommends python3 make g++ \
 && rm -rf /var/lib/apt/lists/*
COPY . .
# The same set-up as everywhere; what only tests and the build need is left behind.
RUN node setup.mjs && npm prune --omit=dev --ignore-scripts

FROM node:24-bookworm-slim
# A browser and a Chinese font for pictures of pages, LibreOffice for PDF of forms.
RUN apt-get update \
 && apt-get install -y --no-install-recommends chromium fonts-noto-cjk libreoffice-writer-nogui \
 && rm -rf /var/lib/apt/lists/* \
 && install -d -o node -g node -m 700 /data
COPY --from=build /app /app
WORKDIR /app
ENV HOST=0.0.0.0 PORT=8080 DATA_DIR=/data NODE_ENV=production
USER node
VOLUME /data
EXPOSE 8080
ENTRYPOINT ["node_modules/.bin/node", "api/main.ts"]
CMD ["all"]
