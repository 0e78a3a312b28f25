# The image holds one static program and lints what is mounted at /src:
#
#   docker build -t plimsoll .
#   docker run --rm --network none -v "$PWD:/src:ro" plimsoll

# plimsoll: ignore[base-image-without-digest] only compiles, and Cargo.lock fixes what goes into the program
FROM rust:1.91.1-alpine3.22 AS build
WORKDIR /build
COPY Cargo.toml Cargo.lock ./
COPY src src
COPY crates crates
# Cargo refuses a manifest whose tests and benches are not there, whether it builds them or not.
COPY benches benches
COPY tests tests
RUN --mount=type=cache,target=/usr/local/cargo/registry \
    --mount=type=cache,target=/build/target \
    ["cargo", "install", "--locked", "--root", "/out", "--path", "."]

FROM scratch
COPY --from=build /out/bin/plimsoll /usr/local/bin/plimsoll
WORKDIR /src
USER 10001:10001
HEALTHCHECK --interval=30s --timeout=5s CMD ["/usr/local/bin/plimsoll", "--version"]
ENTRYPOINT ["/usr/local/bin/plimsoll"]
CMD ["check"]
