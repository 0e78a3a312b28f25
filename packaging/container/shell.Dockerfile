# The program with a shell around it, for systems that start one in every image: GitLab, CircleCI, Bitbucket, Drone. Built from the released image.
ARG VERSION=0.1.0
FROM ghcr.io/plimsoll-lint/plimsoll:${VERSION} AS program

# plimsoll: ignore[base-image-without-digest] rebuilt with every release, for the fixes that the shell has had since
FROM alpine:3.22
COPY --from=program /usr/local/bin/plimsoll /usr/local/bin/plimsoll
WORKDIR /src
USER 10001:10001
HEALTHCHECK --interval=30s --timeout=5s CMD ["/usr/local/bin/plimsoll", "--version"]
CMD ["/usr/local/bin/plimsoll", "check"]
