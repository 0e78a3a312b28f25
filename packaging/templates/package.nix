# The released program; made by packaging/release/release.py. For a build from source see flake.nix.
{
  lib,
  stdenvNoCC,
  fetchurl,
  installShellFiles,
}:
let
  sources = {
    x86_64-linux = {
      url = "{{url x86_64-unknown-linux-musl}}";
      sha256 = "{{sha256 x86_64-unknown-linux-musl}}";
    };
    aarch64-linux = {
      url = "{{url aarch64-unknown-linux-musl}}";
      sha256 = "{{sha256 aarch64-unknown-linux-musl}}";
    };
    x86_64-darwin = {
      url = "{{url x86_64-apple-darwin}}";
      sha256 = "{{sha256 x86_64-apple-darwin}}";
    };
    aarch64-darwin = {
      url = "{{url aarch64-apple-darwin}}";
      sha256 = "{{sha256 aarch64-apple-darwin}}";
    };
  };
in
stdenvNoCC.mkDerivation {
  pname = "plimsoll";
  version = "{{version}}";
  src = fetchurl sources.${stdenvNoCC.hostPlatform.system};
  nativeBuildInputs = [ installShellFiles ];
  installPhase = ''
    runHook preInstall
    install -Dm755 plimsoll $out/bin/plimsoll
    installManPage man/*.1
    installShellCompletion --cmd plimsoll --bash completions/plimsoll.bash --zsh completions/_plimsoll --fish completions/plimsoll.fish
    mkdir -p $out/libexec/docker/cli-plugins
    ln -s $out/bin/plimsoll $out/libexec/docker/cli-plugins/docker-plimsoll
    runHook postInstall
  '';
  meta = {
    description = "{{summary}}";
    homepage = "{{repository}}";
    license = with lib.licenses; [
      mit
      asl20
    ];
    mainProgram = "plimsoll";
    platforms = builtins.attrNames sources;
    sourceProvenance = [ lib.sourceTypes.binaryNativeCode ];
  };
}
