# Multi-stage: the image holds the program, certificates and nothing else. It runs as nobody, the root may be read-only.
FROM golang:1.26 AS build
WORKDIR /src
COPY go.mod go.sum ./
RUN go mod download
COPY . .
RUN CGO_ENABLED=0 go build -trimpath -ldflags="-s -w" -o /kartoteka ./bot
# The embedded database needs its folder, and one for temporary files.
RUN mkdir -p /root-of-image/data /root-of-image/tmp

FROM scratch
COPY --from=build /etc/ssl/certs/ca-certificates.crt /etc/ssl/certs/ca-certificates.crt
COPY --from=build --chown=65532:65532 /root-of-image/ /
COPY --from=build /kartoteka /kartoteka
USER 65532:65532
ENV DATA_DIR=/data HTTP_ADDR=:8081
VOLUME /data
EXPOSE 8081
HEALTHCHECK --interval=30s --timeout=6s --start-period=30s CMD ["/kartoteka", "healthcheck"]
ENTRYPOINT ["/kartoteka"]
