# Installs Plimsoll @VERSION@: downloads the archive of this platform, compares it with the checksum written below, and puts the program into a directory.
#
#   irm @REPOSITORY@/releases/download/v@VERSION@/plimsoll-install.ps1 | iex
#
# PLIMSOLL_INSTALL_DIR  where the program goes; %LOCALAPPDATA%\Programs\plimsoll without it
# PLIMSOLL_BASE_URL     where the archives are, for a mirror
& {
    $ErrorActionPreference = 'Stop'
    $ProgressPreference = 'SilentlyContinue'
    $version = '@VERSION@'
    $sums = @'
@SUMS@
'@
    $base = if ($env:PLIMSOLL_BASE_URL) { $env:PLIMSOLL_BASE_URL } else { "@REPOSITORY@/releases/download/v$version" }
    # A 32-bit PowerShell on a 64-bit Windows says what the machine is in the other variable.
    $machine = if ($env:PROCESSOR_ARCHITEW6432) { $env:PROCESSOR_ARCHITEW6432 } else { $env:PROCESSOR_ARCHITECTURE }
    $target = switch ($machine) {
        'AMD64' { 'x86_64-pc-windows-msvc' }
        'ARM64' { 'aarch64-pc-windows-msvc' }
        default { throw "there is no program for $machine; ``cargo install plimsoll`` builds one" }
    }
    $archive = "plimsoll-$target.zip"
    $line = $sums -split "`n" | Where-Object { $_.Trim().EndsWith("  $archive") } | Select-Object -First 1
    if (-not $line) { throw "this release has no program for $target" }
    $expected = ($line.Trim() -split '\s+')[0]
    $directory = if ($env:PLIMSOLL_INSTALL_DIR) { $env:PLIMSOLL_INSTALL_DIR } else { Join-Path $env:LOCALAPPDATA 'Programs\plimsoll' }

    $scratch = Join-Path ([IO.Path]::GetTempPath()) ([IO.Path]::GetRandomFileName())
    New-Item -ItemType Directory -Path $scratch | Out-Null
    try {
        $file = Join-Path $scratch $archive
        [Net.ServicePointManager]::SecurityProtocol = [Net.ServicePointManager]::SecurityProtocol -bor [Net.SecurityProtocolType]::Tls12
        Invoke-WebRequest -UseBasicParsing -Uri "$base/$archive" -OutFile $file
        if ((Get-FileHash -Algorithm SHA256 $file).Hash -ne $expected) { throw "$archive is not what was released: its checksum is another one" }
        Expand-Archive -Path $file -DestinationPath $scratch
        New-Item -ItemType Directory -Force -Path $directory | Out-Null
        Copy-Item -Force (Join-Path $scratch "plimsoll-$target\plimsoll.exe") (Join-Path $directory 'plimsoll.exe')
    }
    finally {
        Remove-Item -Recurse -Force $scratch
    }
    Write-Output "Installed $(& (Join-Path $directory 'plimsoll.exe') --version) into $directory"
    $user = [Environment]::GetEnvironmentVariable('Path', 'User')
    if (($user -split ';') -notcontains $directory) {
        [Environment]::SetEnvironmentVariable('Path', (@($user, $directory) -ne '' -join ';'), 'User')
        Write-Output 'It is in PATH from the next terminal on.'
    }
}
