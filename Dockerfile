# Builds the executable, and ships it alone on a small Debian.
FROM node:24-bookworm-slim AS build
WORKDIR /kontuar
COPY package.json bun.lock bunfig.toml tsconfig.json ./
COPY .ci/prepare .ci/prepare
RUN sh .ci/prepare
COPY migrations migrations
COPY public public
COPY views views
COPY src src
RUN npm run build

FROM debian:bookworm-slim
RUN useradd --uid 10001 --no-create-home --home-dir /data --shell /usr/sbin/nologin kontuar \
  && install -d -o kontuar -g kontuar -m 700 /data
COPY --from=build /kontuar/dist/kontuar /usr/local/bin/kontuar
USER kontuar
ENV KONTUAR_HOST=0.0.0.0 KONTUAR_DATA=/data
VOLUME /data
EXPOSE 3000
HEALTHCHECK --interval=30s --timeout=5s --start-period=5s CMD ["kontuar", "healthcheck"]
# The binary itself is process 1, so that SIGTERM reaches it.
ENTRYPOINT ["kontuar"]
CMD ["serve"]
