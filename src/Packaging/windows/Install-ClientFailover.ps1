#Requires -Version 5.1
#Requires -RunAsAdministrator

<#
.SYNOPSIS
Installs the published Client Failover service as a Windows service, and starts it.
.DESCRIPTION
Makes the local groups AVEVAFailoverUsers and AVEVAFailoverAdministrators, copies the program, makes the data folder for the
service's account alone, and registers service and event source. What a failed installation made is taken back; groups and data stay.
.PARAMETER Source
The folder of `dotnet publish -p:PublishProfile=win-x64`; default: where this script is.
.PARAMETER Destination
The folder of the program.
.PARAMETER DataDirectory
The folder of everything that the service keeps.
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

if (Test-Installed) {
    throw "'$ServiceName' is installed already. Upgrade-ClientFailover.ps1 brings it to another version."
}

Assert-Published -Source $Source
if (-not $PSCmdlet.ShouldProcess($Destination, "Install '$ServiceName' on port $Port")) {
    return
}

Add-FailoverGroup
try {
    Copy-Program -Source $Source -Destination $Destination
    Set-ProgramSetting -Folder $Destination -Settings @{ Port = $Port; DataDirectory = $DataDirectory }
    Add-FailoverService -Destination $Destination
    Set-DataFolder -DataDirectory $DataDirectory
    Register-EventSource
    if ($OpenFirewall) {
        Open-Firewall -Destination $Destination -Port $Port
    }

    if (-not $NoStart) {
        Start-FailoverService -Destination $Destination
    }
}
catch {
    $problem = $_
    Remove-FailoverService
    Unregister-EventSource
    if ($OpenFirewall) {
        Close-Firewall
    }

    Remove-Item -LiteralPath $Destination -Recurse -Force -ErrorAction SilentlyContinue
    throw $problem
}

Write-Output "'$ServiceName' is installed in $Destination. Its first accounts: $(Join-Path $DataDirectory 'initial-accounts.json')."
