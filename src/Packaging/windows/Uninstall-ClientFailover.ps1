#Requires -Version 5.1
#Requires -RunAsAdministrator

<#
.SYNOPSIS
Removes the Client Failover service. Data and local groups stay, unless told otherwise.
.PARAMETER Destination
The folder of the program.
.PARAMETER RemoveData
Removes everything that the service has kept.
.PARAMETER RemoveGroups
Removes the local groups AVEVAFailoverUsers and AVEVAFailoverAdministrators, which other software may use, too.
#>
[CmdletBinding(SupportsShouldProcess, ConfirmImpact = 'High')]
param(
    [string] $Destination = (Join-Path $env:ProgramFiles 'ClientFailover'),
    [switch] $RemoveData,
    [switch] $RemoveGroups
)

Set-StrictMode -Version 3.0
$ErrorActionPreference = 'Stop'
Import-Module (Join-Path $PSScriptRoot 'ClientFailoverSetup.psm1') -Force

if (-not $PSCmdlet.ShouldProcess($ServiceName, 'Uninstall')) {
    return
}

$data = $null
$settingsPath = Join-Path $Destination $SettingsFile
if (Test-Path -LiteralPath $settingsPath) {
    $data = (Get-Content -LiteralPath $settingsPath -Raw | ConvertFrom-Json).ClientFailover.DataDirectory
}

Remove-FailoverService -Confirm:$false
Close-Firewall
Unregister-EventSource
if (Test-Path -LiteralPath $Destination) {
    Remove-Item -LiteralPath $Destination -Recurse -Force
}

if ($RemoveGroups) {
    Remove-FailoverGroup -Confirm:$false
}

if ($null -ne $data -and (Test-Path -LiteralPath $data)) {
    if ($RemoveData) {
        Remove-Item -LiteralPath $data -Recurse -Force
    }
    else {
        Write-Output "Its data are still in $data."
    }
}
