//! Starts `plimsoll lsp` for Zed: the program that the settings name, the one in `PATH`, or the one of the latest release.

use std::fs;

use zed_extension_api::settings::LspSettings;
use zed_extension_api::{
    self as zed, Architecture, Command, DownloadedFileType, GithubReleaseOptions, LanguageServerId,
    LanguageServerInstallationStatus as Status, Os, Result, Worktree, serde_json,
};

const REPOSITORY: &str = "plimsoll-lint/plimsoll";

struct Plimsoll {
    /// The program that was downloaded.
    downloaded: Option<String>,
}

impl Plimsoll {
    fn settings(worktree: &Worktree) -> Option<LspSettings> {
        LspSettings::for_worktree("plimsoll", worktree).ok()
    }

    /// The program of the latest release, downloaded unless it is there.
    fn download(&mut self, id: &LanguageServerId) -> Result<String> {
        if let Some(known) = self.downloaded.as_ref().filter(|path| fs::metadata(path).is_ok_and(|it| it.is_file())) {
            return Ok(known.clone());
        }
        zed::set_language_server_installation_status(id, &Status::CheckingForUpdate);
        let options = GithubReleaseOptions { require_assets: true, pre_release: false };
        let release = zed::latest_github_release(REPOSITORY, options)?;
        let (os, architecture) = zed::current_platform();
        let target = match (os, architecture) {
            (Os::Linux, Architecture::X8664) => "x86_64-unknown-linux-musl",
            (Os::Linux, Architecture::Aarch64) => "aarch64-unknown-linux-musl",
            (Os::Mac, Architecture::X8664) => "x86_64-apple-darwin",
            (Os::Mac, Architecture::Aarch64) => "aarch64-apple-darwin",
            (Os::Windows, Architecture::X8664) => "x86_64-pc-windows-msvc",
            _ => return Err("there is no build of plimsoll for this platform; install it and name it in `lsp.plimsoll.binary.path`".into()),
        };
        let (ending, kind, program) = match os {
            Os::Windows => ("zip", DownloadedFileType::Zip, "plimsoll.exe"),
            _ => ("tar.gz", DownloadedFileType::GzipTar, "plimsoll"),
        };
        let asset = release.assets.iter().find(|asset| asset.name.contains(target) && asset.name.ends_with(ending));
        let asset = asset.ok_or_else(|| format!("release {} has no build for {target}", release.version))?;
        let folder = format!("plimsoll-{}", release.version);
        let path = format!("{folder}/plimsoll-{target}/{program}");
        if !fs::metadata(&path).is_ok_and(|it| it.is_file()) {
            zed::set_language_server_installation_status(id, &Status::Downloading);
            zed::download_file(&asset.download_url, &folder, kind)?;
            zed::make_file_executable(&path)?;
            // Older versions are of no use any more.
            for entry in fs::read_dir(".").map_err(|error| error.to_string())?.flatten() {
                if entry.file_name().to_string_lossy() != folder {
                    let _ = fs::remove_dir_all(entry.path());
                }
            }
        }
        self.downloaded = Some(path.clone());
        Ok(path)
    }
}

impl zed::Extension for Plimsoll {
    fn new() -> Self {
        Self { downloaded: None }
    }

    fn language_server_command(&mut self, id: &LanguageServerId, worktree: &Worktree) -> Result<Command> {
        let binary = Self::settings(worktree).and_then(|settings| settings.binary);
        let named = binary.as_ref().and_then(|binary| binary.path.clone());
        let command = match named.or_else(|| worktree.which("plimsoll")) {
            Some(path) => path,
            None => self.download(id).inspect_err(|error| {
                zed::set_language_server_installation_status(id, &Status::Failed(error.clone()));
            })?,
        };
        let args = binary.and_then(|binary| binary.arguments).unwrap_or_else(|| vec!["lsp".to_owned()]);
        Ok(Command { command, args, env: Vec::new() })
    }

    fn language_server_initialization_options(
        &mut self,
        _: &LanguageServerId,
        worktree: &Worktree,
    ) -> Result<Option<serde_json::Value>> {
        Ok(Self::settings(worktree).and_then(|settings| settings.initialization_options))
    }

    fn language_server_workspace_configuration(
        &mut self,
        _: &LanguageServerId,
        worktree: &Worktree,
    ) -> Result<Option<serde_json::Value>> {
        let settings = Self::settings(worktree).and_then(|settings| settings.settings);
        Ok(Some(serde_json::json!({ "plimsoll": settings })))
    }
}

zed::register_extension!(Plimsoll);
