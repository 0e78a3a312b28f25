{
  description = "A linter for Dockerfiles and Compose files as Docker would build and run them";
  inputs.nixpkgs.url = "github:NixOS/nixpkgs/nixos-unstable";
  outputs =
    { self, nixpkgs }:
    let
      systems = [
        "x86_64-linux"
        "aarch64-linux"
        "x86_64-darwin"
        "aarch64-darwin"
      ];
      each = make: nixpkgs.lib.genAttrs systems (system: make nixpkgs.legacyPackages.${system});
      manifest = (nixpkgs.lib.importTOML ./Cargo.toml).workspace.package;
    in
    {
      packages = each (pkgs: {
        default = pkgs.rustPlatform.buildRustPackage {
          pname = "plimsoll";
          inherit (manifest) version;
          src = self;
          cargoLock.lockFile = ./Cargo.lock;
          nativeBuildInputs = [ pkgs.installShellFiles ];
          # Some tests ask git, docker and the clock.
          doCheck = false;
          postInstall = pkgs.lib.optionalString (pkgs.stdenv.buildPlatform.canExecute pkgs.stdenv.hostPlatform) ''
            $out/bin/plimsoll man --directory .
            installManPage *.1
            installShellCompletion --cmd plimsoll \
              --bash <($out/bin/plimsoll completions bash) \
              --zsh <($out/bin/plimsoll completions zsh) \
              --fish <($out/bin/plimsoll completions fish)
          '';
          meta.mainProgram = "plimsoll";
        };
      });
    };
}
