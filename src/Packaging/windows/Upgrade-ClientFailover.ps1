#Requires -Version 5.1
#Requires -RunAsAdministrator

<#
.SYNOPSIS
Brings an installed Client Failover service to another version.
.DESCRIPTION
Keeps folder, settings and data. The service stands still for a few seconds; adapters keep their roles meanwhile. If the new version does
not start or does not answer, program and data are put back, and the old version is started. Terms go on beyond any that the new version
may have told.
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

$Database = 'clientfailover.db'

# What the service keeps, as it was when it was stopped: a newer version migrates the database, and then an older one cannot read it any more.
function Save-State {
    [CmdletBinding()]
    param(
        [Parameter(Mandatory)] [string] $Program,
        [Parameter(Mandatory)] [string] $DataDirectory,
        [Parameter(Mandatory)] [string] $File
    )

    Invoke-Program (Join-Path $Program $Executable) @('backup', $File, '--overwrite', '--DataDirectory', $DataDirectory)
}

# Not by copying it back: the new version may have assigned roles, and their terms must not be given again. A restore sees to that.
function Restore-State {
    [CmdletBinding()]
    param(
        [Parameter(Mandatory)] [string] $Program,
        [Parameter(Mandatory)] [string] $DataDirectory,
        [Parameter(Mandatory)] [string] $File
    )

    Invoke-Program (Join-Path $Program $Executable) @('restore', $File, '--replace', '--DataDirectory', $DataDirectory)
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

$data = Get-DataFolder -Folder $Destination
if ($null -eq $data) {
    throw "The settings in $Destination do not say where the data are: DataDirectory."
}

if (Test-Inside -Path (Resolve-Folder -Path $data) -Folder $Destination) {
    throw "The data are in $data, in the folder of the program, $Destination, which an upgrade replaces. Stop the service, move them to another folder, and set DataDirectory to it."
}

$saved = Join-Path $data 'before-upgrade.cfbackup'
$old = "$Destination.old"
foreach ($left in @($old, $saved)) {
    if (Test-Path -LiteralPath $left) {
        throw "$left is left of an upgrade that did not come to its end, and may be all that works. If the service runs as it should, remove it; then upgrade."
    }
}

if (-not $PSCmdlet.ShouldProcess($Destination, "Upgrade '$ServiceName' from $from to $to")) {
    return
}

$hasState = $false
$isMoved = $false
$isBegun = $false
try {
    Stop-FailoverService
    $hasState = Test-Path -LiteralPath (Join-Path $data $Database) -PathType Leaf
    if ($hasState) {
        Save-State -Program $Destination -DataDirectory $data -File $saved
    }

    Move-Item -LiteralPath $Destination -Destination $old
    $isMoved = $true
    Copy-Program -Source $Source -Destination $Destination
    Copy-Item -LiteralPath (Join-Path $old $SettingsFile) -Destination $Destination -Force
    $isBegun = $true
    Start-FailoverService -Destination $Destination
}
catch {
    $problem = $_
    $left = ''
    try {
        # The new version may have begun before it failed, but only once the old one had been moved away.
        if ($isMoved) {
            Stop-FailoverService
            if (Test-Path -LiteralPath $Destination) {
                Remove-Item -LiteralPath $Destination -Recurse -Force
            }

            Move-Item -LiteralPath $old -Destination $Destination
        }

        if ($isBegun -and $hasState) {
            Restore-State -Program $Destination -DataDirectory $data -File $saved
            $left = " What $to left, and initial-accounts.json if it was there, is in $data, before-restore-...: remove it when all is well."
        }
        elseif ($isBegun) {
            Remove-Item -Path (Join-Path $data "$Database*")
        }

        Start-FailoverService -Destination $Destination
        if (Test-Path -LiteralPath $saved) {
            Remove-Item -LiteralPath $saved -Force
        }
    }
    catch {
        throw "Version $to did not work: $problem Version $from was not put back: $_ Its program is in $Destination or $old, a backup of its data in $saved."
    }

    throw "Version $to did not work, and $from runs again: $problem$left"
}

Remove-Item -LiteralPath $old -Recurse -Force
if ($hasState) {
    Remove-Item -LiteralPath $saved -Force
}

Write-Output "'$ServiceName' was upgraded from $from to $to."
