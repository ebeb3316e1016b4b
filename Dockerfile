# Chancery as a container: built from the sources alone, and nothing in it but the program and the roots of trust.
# deploy/compose.yaml runs it beside PostgreSQL; docs/OPERATIONS.md says the rest.
#
#   docker build --tag chancery .
#
# It writes nowhere but into /data (SQLite and the demo; with PostgreSQL nothing), so the rest may be mounted read-only.

# As rust-toolchain.toml has it, which is not copied: the image brings the toolchain, and rustup fetches no other.
ARG RUST_VERSION=1.95.0
ARG DEBIAN=bookworm

FROM rust:${RUST_VERSION}-slim-${DEBIAN} AS build
WORKDIR /build
COPY . .
RUN cargo build --release --locked --bin chancery \
 && strip --strip-debug target/release/chancery

FROM debian:${DEBIAN}-slim
LABEL org.opencontainers.image.title="Chancery" \
      org.opencontainers.image.description="A role-scoped GraphQL gateway in front of protective-liaison data" \
      org.opencontainers.image.licenses="Apache-2.0"
# Of those who sign the certificates of agencies' key servers.
COPY --from=build /etc/ssl/certs/ca-certificates.crt /etc/ssl/certs/ca-certificates.crt
COPY --from=build /build/target/release/chancery /usr/local/bin/chancery
COPY LICENSE /usr/share/doc/chancery/LICENSE
RUN install --directory --owner=10001 --group=10001 --mode=0700 /data \
 && install --directory --mode=0755 /etc/chancery

# A number, so that a runtime can see that it is not root.
USER 10001:10001
# Where chancery.toml is looked for, if one is mounted.
WORKDIR /etc/chancery
# Large sorts of SQLite spill to where it may write.
ENV CHANCERY_DATA_DIR=/data \
    CHANCERY_LISTEN=0.0.0.0:8080 \
    SQLITE_TMPDIR=/data
VOLUME ["/data"]
EXPOSE 8080
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=10s --timeout=5s --start-period=30s --retries=3 CMD ["chancery", "health"]
ENTRYPOINT ["chancery"]
CMD ["serve"]
