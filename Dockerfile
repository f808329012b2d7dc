# crs-local as an image: the static binary and nothing else.
#
#   docker build -t crs-local .
#   docker run --rm -p 127.0.0.1:8239:8239 crs-local
#
# BUILDER names where /crs-local comes from: the stage below, which compiles it, or any image that
# already holds it, for a host that has compiled the binary and should not do it twice:
#
#   docker build -t crs-local --build-arg BUILDER=localhost/crs-local-binary .
#
# Use `--format docker` with podman: the OCI format knows no HEALTHCHECK.
ARG BUILDER=compile

FROM docker.io/library/rust:1-slim AS compile
WORKDIR /src
COPY . .
# With an explicit --target the flag is for the binary alone: build scripts and macros stay dynamic.
RUN target="$(rustc -vV | sed -n 's/^host: //p')" \
 && RUSTFLAGS="-C target-feature=+crt-static" cargo build --release --locked --bin crs-local --target "$target" \
 && cp "target/$target/release/crs-local" /crs-local

FROM ${BUILDER} AS binary

FROM scratch
LABEL org.opencontainers.image.title="crs-local" \
      org.opencontainers.image.description="TencentDB for Redis (CRS) control plane on a laptop" \
      org.opencontainers.image.licenses="Apache-2.0"
COPY --from=binary /crs-local /crs-local
# Nobody: there is no passwd file here, so a number.
USER 65532:65532
# A container's loopback is its own: listen on all of its addresses and let the engine decide who
# reaches the port.
ENV CRS_LOCAL_LISTEN=0.0.0.0:8239
EXPOSE 8239
HEALTHCHECK --interval=10s --timeout=3s --start-period=1s --retries=3 CMD ["/crs-local", "health"]
STOPSIGNAL SIGTERM
ENTRYPOINT ["/crs-local"]
