#Requires -Version 5.1
#Requires -RunAsAdministrator

<#
.SYNOPSIS
Removes the Client Failover service. Data and local groups stay, unless told otherwise.
.PARAMETER Destination
The folder of the program, if the service is not registered any more; else it is that of the service.
.PARAMETER RemoveData
Removes everything that the service has kept. Where that is, the settings beside the program say.
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
Import-Module (Join-Path $PSScriptRoot 'ClientFailoverFolders.psm1') -Force

$registered = Get-ProgramFolder
if ($null -ne $registered) {
    $Destination = $registered
}

$data = Get-DataFolder -Folder $Destination
if ($RemoveData -and $null -eq $data) {
    throw "There are no settings in $Destination that say where the data are. Nothing was removed; without -RemoveData the rest can be."
}

if (-not $RemoveData -and $null -ne $data -and (Test-Inside -Path (Resolve-Folder -Path $data) -Folder (Resolve-Folder -Path $Destination))) {
    throw "The data are in $data, in the folder of the program, $Destination. Nothing was removed: move them away, or remove them with it: -RemoveData."
}

if (-not $PSCmdlet.ShouldProcess($ServiceName, 'Uninstall')) {
    return
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
