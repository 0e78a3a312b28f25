# The formula of our tap. Made by packaging/release/release.py from packaging/templates.
class Plimsoll < Formula
  desc "Linter for Dockerfiles and Compose files as Docker would build and run them"
  homepage "{{repository}}"
  version "{{version}}"
  license any_of: ["MIT", "Apache-2.0"]

  on_macos do
    on_arm do
      url "{{url aarch64-apple-darwin}}"
      sha256 "{{sha256 aarch64-apple-darwin}}"
    end
    on_intel do
      url "{{url x86_64-apple-darwin}}"
      sha256 "{{sha256 x86_64-apple-darwin}}"
    end
  end

  on_linux do
    on_arm do
      url "{{url aarch64-unknown-linux-musl}}"
      sha256 "{{sha256 aarch64-unknown-linux-musl}}"
    end
    on_intel do
      url "{{url x86_64-unknown-linux-musl}}"
      sha256 "{{sha256 x86_64-unknown-linux-musl}}"
    end
  end

  def install
    bin.install "plimsoll"
    bash_completion.install "completions/plimsoll.bash" => "plimsoll"
    zsh_completion.install "completions/_plimsoll"
    fish_completion.install "completions/plimsoll.fish"
    man1.install Dir["man/*.1"]
    (lib/"docker/cli-plugins").install_symlink bin/"plimsoll" => "docker-plimsoll"
  end

  def caveats
    <<~EOS
      For `docker plimsoll`, name the directory of plugins in ~/.docker/config.json:
        "cliPluginsExtraDirs": ["#{HOMEBREW_PREFIX}/lib/docker/cli-plugins"]
    EOS
  end

  test do
    (testpath/"compose.yaml").write "services:\n  web:\n    image: a\n    privileged: true\n"
    assert_match "privileged-service", shell_output("#{bin}/plimsoll check --output-format concise", 1)
  end
end
