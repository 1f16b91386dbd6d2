# Three images from one source: docker build --target edge|node|drill .
# SDK, RUNTIME and NATIVE may name local stand-ins for the base images. RID is the kind of machine that the edge is compiled for,
# which must be the one that compiles it: linux-x64 or linux-arm64.
ARG SDK=mcr.microsoft.com/dotnet/sdk:10.0
ARG RUNTIME=mcr.microsoft.com/dotnet/aspnet:10.0
ARG NATIVE=mcr.microsoft.com/dotnet/runtime-deps:10.0
ARG RID=linux-x64

FROM ${SDK} AS build
WORKDIR /src
ENV CI=true DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1
# The edge is native code, which a C compiler's driver links.
RUN command -v gcc && [ -e /usr/include/stdlib.h ] || { apt-get update && apt-get install -y --no-install-recommends gcc libc6-dev && rm -rf /var/lib/apt/lists/*; }
COPY . .
ARG RID
# What the edge is made of is checked against its lock files, which cannot name the compiler that a RID brings in.
RUN dotnet restore src/Hanzo.Edge
RUN dotnet publish src/Hanzo.Edge -c Release -r ${RID} -o /out/edge
RUN dotnet publish src/Hanzo.Commerce.Node -c Release -o /out/node
RUN dotnet publish src/Hanzo.Drills -c Release -o /out/drill

FROM ${RUNTIME} AS base
# 1654 is the user "app" of the .NET images; by number, so that "run as non-root" policies can see it.
USER 1654
# Nothing is written to the image: no diagnostics socket in the temporary directory, no single-file extraction.
ENV DOTNET_EnableDiagnostics=0 DOTNET_NOLOGO=1
LABEL org.opencontainers.image.title="Hanzo.Edge" \
      org.opencontainers.image.vendor="Hanzo" \
      org.opencontainers.image.version="0.1.0"

FROM base AS node
COPY --from=build /out/node /app
LABEL org.opencontainers.image.title="hanzo-node" \
      org.opencontainers.image.description="A commerce node: the products of one region over HTTP"
EXPOSE 7101
HEALTHCHECK --interval=5s --timeout=3s --start-period=10s CMD ["/app/hanzo-node", "healthcheck", "--url", "http://127.0.0.1:7101/livez"]
ENTRYPOINT ["/app/hanzo-node"]
CMD ["run", "--region", "us-east", "--name", "us-east-1", "--listen", "0.0.0.0:7101"]

FROM base AS drill
# The drill runs the commands it prints, and they are for curl and dig.
USER root
RUN command -v curl && command -v dig || { apt-get update && apt-get install -y --no-install-recommends curl bind9-dnsutils && rm -rf /var/lib/apt/lists/*; }
USER 1654
COPY --from=build /out/edge /out/node /out/drill /app/
COPY config /app/config
COPY data /app/data
WORKDIR /app
LABEL org.opencontainers.image.title="hanzo-drill" \
      org.opencontainers.image.description="Three regions and an edge in one container, to try them and to check them"
# Of the edge that it starts; with other ports name its admin address.
HEALTHCHECK --interval=5s --timeout=3s --start-period=20s CMD ["/app/hanzo-edge", "healthcheck"]
# The output of the processes is the only thing written; mount a volume there to keep it.
ENTRYPOINT ["/app/hanzo-drill"]
CMD ["up", "--once", "--programs", "/app", "--runs", "/tmp"]

# Native code needs no runtime.
FROM ${NATIVE} AS edge
USER 1654
COPY --from=build /out/edge /app
COPY config /app/config
COPY data /app/data
WORKDIR /app
LABEL org.opencontainers.image.title="hanzo-edge" \
      org.opencontainers.image.vendor="Hanzo" \
      org.opencontainers.image.version="0.1.0" \
      org.opencontainers.image.description="Sends a request from anywhere to its nearest healthy region"
EXPOSE 8080 8081
HEALTHCHECK --interval=5s --timeout=3s --start-period=10s CMD ["/app/hanzo-edge", "healthcheck"]
ENTRYPOINT ["/app/hanzo-edge"]
CMD ["run", "--config", "/app/config/edge.yaml"]
