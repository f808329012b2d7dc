# crs-local as an image: the static binary and nothing else.
#
#   docker build -t crs-local .
#   docker run --rm -p 127.0.0.1:8239:8239 crs-local
#
# Dockerfile.binary makes the same image of a binary that a host has compiled already.
# Use `--format docker` with podman: the OCI format knows no HEALTHCHECK.
FROM docker.io/library/rust:1-slim AS compile
WORKDIR /src
COPY . .
RUN .ci/static /crs-local

FROM scratch
COPY --from=compile /crs-local /crs-local
LABEL org.opencontainers.image.title="crs-local" \
      org.opencontainers.image.description="TencentDB for Redis (CRS) control plane on a laptop" \
      org.opencontainers.image.licenses="Apache-2.0"
# Nobody: there is no passwd file here, so a number.
USER 65532:65532
# A container's loopback is its own: listen on all of its addresses and let the engine decide who
# reaches the port.
ENV CRS_LOCAL_LISTEN=0.0.0.0:8239
EXPOSE 8239
HEALTHCHECK --interval=10s --timeout=3s --start-period=1s --retries=3 CMD ["/crs-local", "health"]
STOPSIGNAL SIGTERM
ENTRYPOINT ["/crs-local"]
