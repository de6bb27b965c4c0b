#Requires -Version 5.1
#Requires -RunAsAdministrator

<#
.SYNOPSIS
Installs the published Client Failover service as a Windows service, and starts it.
.DESCRIPTION
Makes the local groups AVEVAFailoverUsers and AVEVAFailoverAdministrators, copies the program, makes the data folder for the
service's account alone, and registers service and event source. What a failed installation made is taken back, and nothing else; groups
and data stay.
.PARAMETER Source
The folder of `dotnet publish -p:PublishProfile=win-x64`; default: where this script is.
.PARAMETER Destination
The folder of the program, which is made; it must not have anything in it.
.PARAMETER DataDirectory
The folder of everything that the service keeps, apart from that of the program. One that is there must belong to administrators or the
system.
.PARAMETER Port
The TCP port to listen on, 1024 to 49151.
.PARAMETER OpenFirewall
Lets other machines connect to the port.
.PARAMETER NoStart
Leaves the service stopped.
.EXAMPLE
.\Install-ClientFailover.ps1 -Port 5590 -OpenFirewall
#>
[CmdletBinding(SupportsShouldProcess)]
param(
    [string] $Source = $PSScriptRoot,
    [string] $Destination = (Join-Path $env:ProgramFiles 'ClientFailover'),
    [string] $DataDirectory = (Join-Path $env:ProgramData 'ClientFailover'),
    [ValidateRange(1024, 49151)] [int] $Port = 5590,
    [switch] $OpenFirewall,
    [switch] $NoStart
)

Set-StrictMode -Version 3.0
$ErrorActionPreference = 'Stop'
Import-Module (Join-Path $PSScriptRoot 'ClientFailoverSetup.psm1') -Force
Import-Module (Join-Path $PSScriptRoot 'ClientFailoverFolders.psm1') -Force

if (Test-Installed) {
    throw "'$ServiceName' is installed already. Upgrade-ClientFailover.ps1 brings it to another version."
}

$Source = Resolve-Folder -Path $Source
$Destination = Resolve-Folder -Path $Destination
$DataDirectory = Resolve-Folder -Path $DataDirectory
Assert-Published -Source $Source
Assert-NewFolder -Destination $Destination -Source $Source
Assert-FoldersApart -Destination $Destination -DataDirectory $DataDirectory
Assert-DataFolder -DataDirectory $DataDirectory
if (-not $PSCmdlet.ShouldProcess($Destination, "Install '$ServiceName' on port $Port")) {
    return
}

# What is there before, and which steps were begun: only what this run made is taken back.
$hadFolder = Test-Path -LiteralPath $Destination
$hadEventSource = Test-EventSource
$hasEventSource = $false
$hasRule = $false
Add-FailoverGroup
try {
    Copy-Program -Source $Source -Destination $Destination
    Set-ProgramSetting -Folder $Destination -Settings @{ Port = $Port; DataDirectory = $DataDirectory }
    Add-FailoverService -Destination $Destination
    Set-DataFolder -DataDirectory $DataDirectory
    $hasEventSource = -not $hadEventSource
    Register-EventSource
    if ($OpenFirewall) {
        $hasRule = $true
        Open-Firewall -Destination $Destination -Port $Port
    }

    if (-not $NoStart) {
        Start-FailoverService -Destination $Destination
    }
}
catch {
    $problem = $_
    try {
        Remove-FailoverService
        if ($hasEventSource) {
            Unregister-EventSource
        }

        if ($hasRule) {
            Close-Firewall
        }

        Get-ChildItem -LiteralPath $Destination -Force -ErrorAction SilentlyContinue | Remove-Item -Recurse -Force
        if (-not $hadFolder -and (Test-Path -LiteralPath $Destination)) {
            Remove-Item -LiteralPath $Destination
        }
    }
    catch {
        throw "The installation failed: $problem What it made could not be taken back: $_"
    }

    throw $problem
}

Write-Output "'$ServiceName' is installed in $Destination. Its first accounts: $(Join-Path $DataDirectory 'initial-accounts.json')."
