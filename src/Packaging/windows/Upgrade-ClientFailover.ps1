#Requires -Version 5.1
#Requires -RunAsAdministrator

<#
.SYNOPSIS
Brings an installed Client Failover service to another version.
.DESCRIPTION
Keeps folder, settings and data. The service stands still for a few seconds; adapters keep their roles meanwhile. If the new version does
not start or does not answer, program and database are put back, and the old version is started.
.PARAMETER Source
The folder of `dotnet publish -p:PublishProfile=win-x64`; default: where this script is.
.PARAMETER AllowOlder
Goes back to an older version, too. It refuses a database that a newer one has migrated: restore a backup, then.
#>
[CmdletBinding(SupportsShouldProcess)]
param(
    [string] $Source = $PSScriptRoot,
    [switch] $AllowOlder
)

Set-StrictMode -Version 3.0
$ErrorActionPreference = 'Stop'
Import-Module (Join-Path $PSScriptRoot 'ClientFailoverSetup.psm1') -Force
Import-Module (Join-Path $PSScriptRoot 'ClientFailoverFolders.psm1') -Force

$DatabaseFiles = 'clientfailover.db*'

# The database as the stopped service left it: a newer version migrates it, and then an older one cannot read it any more.
function Save-Database {
    [CmdletBinding()]
    param(
        [Parameter(Mandatory)] [string] $DataDirectory,
        [Parameter(Mandatory)] [string] $Destination
    )

    if (Test-Path -LiteralPath $Destination) {
        Remove-Item -LiteralPath $Destination -Recurse -Force
    }

    New-Item -ItemType Directory -Path $Destination | Out-Null
    Copy-Item -Path (Join-Path $DataDirectory $DatabaseFiles) -Destination $Destination
}

function Restore-Database {
    [CmdletBinding()]
    param(
        [Parameter(Mandatory)] [string] $DataDirectory,
        [Parameter(Mandatory)] [string] $Source
    )

    Remove-Item -Path (Join-Path $DataDirectory $DatabaseFiles)
    Copy-Item -Path (Join-Path $Source $DatabaseFiles) -Destination $DataDirectory
}

if (-not (Test-Installed)) {
    throw "'$ServiceName' is not installed. Install-ClientFailover.ps1 does that."
}

$Source = Resolve-Folder -Path $Source
$Destination = Get-ProgramFolder
if ($null -eq $Destination) {
    throw "Windows does not say where the program of '$ServiceName' is."
}

if ($Source -eq $Destination) {
    throw "$Source is the installed program itself. Name the folder of the other version: -Source."
}

Assert-Published -Source $Source
Assert-Published -Source $Destination
$from = Get-ProgramVersion -Folder $Destination
$to = Get-ProgramVersion -Folder $Source
if ($to -lt $from -and -not $AllowOlder) {
    throw "Version $from is installed, which is newer than $to. -AllowOlder goes back all the same."
}

if (-not $PSCmdlet.ShouldProcess($Destination, "Upgrade '$ServiceName' from $from to $to")) {
    return
}

$data = Get-DataFolder -Folder $Destination
if ($null -eq $data) {
    throw "The settings in $Destination do not say where the data are: DataDirectory."
}

$saved = Join-Path $data 'before-upgrade'
$old = "$Destination.old"
if (Test-Path -LiteralPath $old) {
    Remove-Item -LiteralPath $old -Recurse -Force
}

$isMoved = $false
try {
    Stop-FailoverService
    Save-Database -DataDirectory $data -Destination $saved
    Move-Item -LiteralPath $Destination -Destination $old
    $isMoved = $true
    Copy-Program -Source $Source -Destination $Destination
    Copy-Item -LiteralPath (Join-Path $old $SettingsFile) -Destination $Destination -Force
    Start-FailoverService -Destination $Destination
}
catch {
    $problem = $_
    try {
        # The new version may have begun before it failed, but only once the old one had been moved away.
        if ($isMoved) {
            Stop-FailoverService
            Remove-Item -LiteralPath $Destination -Recurse -Force
            Move-Item -LiteralPath $old -Destination $Destination
            Restore-Database -DataDirectory $data -Source $saved
        }

        Start-FailoverService -Destination $Destination
    }
    catch {
        throw "Version $to did not work: $problem Version $from was not put back: $_ Its program is in $Destination or $old, its database in $saved."
    }

    throw "Version $to did not work, and $from runs again: $problem"
}

Remove-Item -LiteralPath $old, $saved -Recurse -Force
Write-Output "'$ServiceName' was upgraded from $from to $to."
