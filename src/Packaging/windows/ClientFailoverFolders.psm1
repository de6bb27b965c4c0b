# The folders of the program and of its data: what may be one, and what is put there. For Windows PowerShell 5.1 and later.
Set-StrictMode -Version 3.0
$ErrorActionPreference = 'Stop'
Import-Module (Join-Path $PSScriptRoot 'ClientFailoverSetup.psm1')

function Assert-Published {
    [CmdletBinding()]
    param([Parameter(Mandatory)] [string] $Source)

    foreach ($file in $Executable, 'e_sqlite3.dll', $SettingsFile) {
        if (-not (Test-Path -LiteralPath (Join-Path $Source $file) -PathType Leaf)) {
            throw "$Source holds no published service: $file is missing. Name its folder: -Source."
        }
    }
}

# A folder as the system says it, wherever the script was started.
function Resolve-Folder {
    [CmdletBinding()]
    [OutputType([string])]
    param([Parameter(Mandatory)] [string] $Path)

    return [System.IO.Path]::GetFullPath($PSCmdlet.GetUnresolvedProviderPathFromPSPath($Path)).TrimEnd('\', '/')
}

# What is there is somebody's: neither mixed with the program, nor removed when an installation is taken back.
function Assert-NewFolder {
    [CmdletBinding()]
    param(
        [Parameter(Mandatory)] [string] $Destination,
        [Parameter(Mandatory)] [string] $Source
    )

    if ($Destination -eq $Source) {
        throw "The program cannot be installed where it is published, $Source. Name another folder: -Destination."
    }

    if ((Test-Path -LiteralPath $Destination -PathType Leaf) -or $null -ne (Get-ChildItem -LiteralPath $Destination -Force -ErrorAction SilentlyContinue)) {
        throw "$Destination is there already, and not empty. Move it away, or name another folder: -Destination."
    }
}

function Copy-Program {
    [CmdletBinding()]
    param(
        [Parameter(Mandatory)] [string] $Source,
        [Parameter(Mandatory)] [string] $Destination
    )

    New-Item -ItemType Directory -Path $Destination -Force | Out-Null
    Get-ChildItem -LiteralPath $Source -File |
        Where-Object { $_.Extension -notin '.ps1', '.psm1' } |
        ForEach-Object { Copy-Item -LiteralPath $_.FullName -Destination $Destination }
}

# Writes settings into the file beside the executable; those of other names stay as they are.
function Set-ProgramSetting {
    [CmdletBinding(SupportsShouldProcess)]
    param(
        [Parameter(Mandatory)] [string] $Folder,
        [Parameter(Mandatory)] [hashtable] $Settings
    )

    $path = Join-Path $Folder $SettingsFile
    if (-not $PSCmdlet.ShouldProcess($path, 'Write settings')) {
        return
    }

    $content = Get-Content -LiteralPath $path -Raw | ConvertFrom-Json
    foreach ($name in $Settings.Keys) {
        Add-Member -InputObject $content.ClientFailover -NotePropertyName $name -NotePropertyValue $Settings[$name] -Force
    }

    # Without a byte order mark, which "-Encoding UTF8" of Windows PowerShell writes.
    [System.IO.File]::WriteAllText($path, ($content | ConvertTo-Json -Depth 10))
}

# What the settings beside the program say of the data; nothing if there are none.
function Get-DataFolder {
    [CmdletBinding()]
    [OutputType([string])]
    param([Parameter(Mandatory)] [string] $Folder)

    $path = Join-Path $Folder $SettingsFile
    if (Test-Path -LiteralPath $path -PathType Leaf) {
        $settings = (Get-Content -LiteralPath $path -Raw | ConvertFrom-Json).PSObject.Properties['ClientFailover']
        if ($null -ne $settings -and $null -ne $settings.Value.PSObject.Properties['DataDirectory']) {
            $data = $settings.Value.DataDirectory
            if (-not [System.IO.Path]::IsPathRooted($data)) {
                throw "DataDirectory is '$data' in $path. What that is relative to is another folder for Windows' services than for this script: set the whole path, and restart the service."
            }

            return $data
        }
    }
}

# Whether something lies in a folder, or is that folder; to Windows large and small letters are the same.
function Test-Inside {
    [CmdletBinding()]
    [OutputType([bool])]
    param(
        [Parameter(Mandatory)] [string] $Path,
        [Parameter(Mandatory)] [string] $Folder
    )

    $separator = [System.IO.Path]::DirectorySeparatorChar
    return "$Path$separator".StartsWith("$Folder$separator", [System.StringComparison]::OrdinalIgnoreCase)
}

# An upgrade replaces the folder of the program, and data in it would go with it; among the data the service could change its own program.
function Assert-FoldersApart {
    [CmdletBinding()]
    param(
        [Parameter(Mandatory)] [string] $Destination,
        [Parameter(Mandatory)] [string] $DataDirectory
    )

    if ((Test-Inside -Path $DataDirectory -Folder $Destination) -or (Test-Inside -Path $Destination -Folder $DataDirectory)) {
        throw "Program and data cannot lie in one another: $Destination, $DataDirectory. Name another folder: -DataDirectory."
    }
}

# Anybody may make a folder in that of all programs' data, and whoever owns it can give himself any right to it.
function Assert-DataFolder {
    [CmdletBinding()]
    param([Parameter(Mandatory)] [string] $DataDirectory)

    $there = Get-Item -LiteralPath $DataDirectory -Force -ErrorAction SilentlyContinue
    if ($null -eq $there) {
        return
    }

    if (-not $there.PSIsContainer -or $there.Attributes -band [System.IO.FileAttributes]::ReparsePoint) {
        throw "$DataDirectory is no folder, or a link to one. Move it away, or name another folder: -DataDirectory."
    }

    # BA: administrators, SY: the system.
    if ((Get-Acl -LiteralPath $DataDirectory).Sddl -notmatch '^O:(BA|SY)([GDS]:|$)') {
        throw "$DataDirectory was made by somebody who is neither an administrator nor the system. Look what it is, and move it away; or make administrators its owner: icacls ""$DataDirectory"" /setowner *S-1-5-32-544 /t."
    }
}

# For the service, the system and administrators (by their identifiers: their names depend on the language), and nobody else.
function Set-DataFolder {
    [CmdletBinding(SupportsShouldProcess)]
    param([Parameter(Mandatory)] [string] $DataDirectory)

    if (-not $PSCmdlet.ShouldProcess($DataDirectory, 'Create and protect')) {
        return
    }

    if (Test-Path -LiteralPath $DataDirectory) {
        Assert-DataFolder -DataDirectory $DataDirectory
    }
    else {
        # Without -Force: fails if somebody has just made it.
        New-Item -ItemType Directory -Path $DataDirectory | Out-Null
        Invoke-Program 'icacls.exe' @($DataDirectory, '/setowner', '*S-1-5-32-544')
    }

    Invoke-Program 'icacls.exe' @(
        $DataDirectory, '/inheritance:r', '/grant:r', "${ServiceAccount}:(OI)(CI)F", '*S-1-5-18:(OI)(CI)F', '*S-1-5-32-544:(OI)(CI)F')
}

Export-ModuleMember -Function '*'
