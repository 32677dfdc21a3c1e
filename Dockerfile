# Build:  docker build -t tingxin .
# Run:    docker run -p 8080:8080 -v tingxin-data:/var/lib/tingxin tingxin
# With the second engine (libtorch, 400 MB more; x86-64 only):
#         docker build --target runtime-rust-bert -t tingxin:rust-bert .

# ---- dependencies first: they change seldom, so their layer is kept between builds
FROM rust:1.95.0-bookworm AS dependencies
WORKDIR /build
COPY Cargo.toml Cargo.lock rust-toolchain.toml build.rs ./
COPY crates/text/Cargo.toml crates/text/
COPY crates/score/Cargo.toml crates/score/
COPY crates/signals/Cargo.toml crates/signals/
COPY crates/statistics/Cargo.toml crates/statistics/
COPY crates/staff/Cargo.toml crates/staff/
COPY crates/store/Cargo.toml crates/store/
COPY crates/desk/Cargo.toml crates/desk/
COPY crates/console/Cargo.toml crates/console/
COPY crates/python/Cargo.toml crates/python/
COPY scripts/placeholders.sh scripts/
RUN scripts/placeholders.sh && cargo build --release --locked

FROM dependencies AS build
COPY . .
# The placeholder of the stage above is newer than the sources; touching them makes cargo look again.
RUN touch src/main.rs src/lib.rs crates/*/src/lib.rs && cargo build --release --locked

# ---- the second engine: libtorch lies where the program will look for it
FROM dependencies AS build-rust-bert
COPY scripts/setup-libtorch.sh scripts/libtorch_wheel.py scripts/
ENV LIBTORCH=/opt/libtorch \
    LIBTORCH_CXX11_ABI=0
RUN scripts/setup-libtorch.sh "$LIBTORCH" && cargo build --release --locked --features rust-bert
COPY . .
RUN touch src/main.rs src/lib.rs crates/*/src/lib.rs && cargo build --release --locked --features rust-bert

# ---- the service: no compiler, no root, nothing to install
FROM debian:bookworm-slim AS service
LABEL org.opencontainers.image.title="tingxin" \
      org.opencontainers.image.description="Emotion and quality analysis of customer contacts, in Chinese, offline" \
      org.opencontainers.image.licenses="Apache-2.0"
RUN useradd --system --uid 10001 --home-dir /var/lib/tingxin --create-home --shell /usr/sbin/nologin tingxin
COPY LICENSE /usr/share/doc/tingxin/LICENSE
USER 10001
WORKDIR /var/lib/tingxin
VOLUME ["/var/lib/tingxin"]
ENV TINGXIN_LISTEN=0.0.0.0:8080 \
    TINGXIN_DATABASE_URL=sqlite:///var/lib/tingxin/tingxin.db \
    TINGXIN_KEY_FILE=/var/lib/tingxin/tingxin.key
EXPOSE 8080
# The image has no curl: bash opens the socket itself. Liveness only, so that a busy queue is no reason to restart.
HEALTHCHECK --interval=15s --timeout=3s --start-period=20s --retries=3 \
  CMD ["bash", "-c", "exec 3<>/dev/tcp/127.0.0.1/8080 && printf 'GET /livez HTTP/1.0\\r\\n\\r\\n' >&3 && head -1 <&3 | grep -q ' 200 '"]
ENTRYPOINT ["tingxin"]
CMD ["serve"]

FROM service AS runtime-rust-bert
COPY --from=build-rust-bert /opt/libtorch/lib /opt/libtorch/lib
COPY --from=build-rust-bert /opt/libtorch/LICENSE /opt/libtorch/NOTICE /usr/share/doc/libtorch/
COPY --from=build-rust-bert /build/target/release/tingxin /usr/local/bin/tingxin

# The last stage is what is built when no other is named.
FROM service AS runtime
COPY --from=build /build/target/release/tingxin /usr/local/bin/tingxin
