# What installing, upgrading and uninstalling the service have to do with Windows: service, groups, firewall, event log. For Windows PowerShell 5.1 and later.
Set-StrictMode -Version 3.0
$ErrorActionPreference = 'Stop'

$ServiceName = 'Client Failover Service'
$ServiceAccount = "NT SERVICE\$ServiceName"
$ServiceDescription = 'Decides which adapter of a failover group sends data.'
$Executable = 'ClientFailover.Service.exe'
$SettingsFile = 'appsettings.json'
$EventSource = "HKLM\SYSTEM\CurrentControlSet\Services\EventLog\Application\$ServiceName"
$Groups = [ordered]@{
    # Windows PowerShell takes no more than 48 characters.
    'AVEVAFailoverUsers'          = 'Adapters that use Client Failover'
    'AVEVAFailoverAdministrators' = 'Administrators of Client Failover'
}

# Runs a program and returns the lines it wrote; $LASTEXITCODE tells how it ended. The one place that does: with "Stop", Windows
# PowerShell ends the script at the first line that a program writes to standard error, whatever its exit code.
function Invoke-Native {
    [CmdletBinding()]
    [OutputType([string[]])]
    param(
        [Parameter(Mandatory)] [string] $Program,
        [Parameter(Mandatory)] [string[]] $Arguments
    )

    $ErrorActionPreference = 'Continue'
    & $Program @Arguments 2>&1 | ForEach-Object { "$_" }
}

# Runs a program of the system; unlike PowerShell itself, takes its exit code for an error.
function Invoke-Program {
    [CmdletBinding()]
    param(
        [Parameter(Mandatory)] [string] $Program,
        [Parameter(Mandatory)] [string[]] $Arguments
    )

    $output = Invoke-Native $Program $Arguments
    if ($LASTEXITCODE -ne 0) {
        throw "$Program $($Arguments -join ' ') failed with exit code ${LASTEXITCODE}: $($output -join ' ')"
    }
}

function Test-Installed {
    [CmdletBinding()]
    [OutputType([bool])]
    param()

    return $null -ne (Get-Service -Name $ServiceName -ErrorAction SilentlyContinue)
}

function Get-ServiceEntry {
    [CmdletBinding()]
    param()

    return Get-CimInstance -ClassName Win32_Service -Filter "Name='$ServiceName'"
}

# The folder of the program that is registered as the service; nothing if none is.
function Get-ProgramFolder {
    [CmdletBinding()]
    [OutputType([string])]
    param()

    $entry = Get-ServiceEntry
    if ($null -ne $entry -and $entry.PathName -match '^"(?<path>[^"]+)"|^(?<path>.+?\.exe)') {
        return Split-Path -Path $Matches['path'] -Parent
    }
}

# The version that an executable tells, as numbers that can be compared.
function Get-ProgramVersion {
    [CmdletBinding()]
    [OutputType([version])]
    param([Parameter(Mandatory)] [string] $Folder)

    $told = Invoke-Native (Join-Path $Folder $Executable) '--version'
    if ($LASTEXITCODE -ne 0) {
        throw "$Folder\$Executable does not tell its version."
    }

    return [version]"$told"
}

# The groups whose members are users and administrators of the service. Those that exist are left as they are.
function Add-FailoverGroup {
    [CmdletBinding()]
    param()

    foreach ($name in $Groups.Keys) {
        if ($null -eq (Get-LocalGroup -Name $name -ErrorAction SilentlyContinue)) {
            New-LocalGroup -Name $name -Description $Groups[$name] | Out-Null
        }
    }
}

function Remove-FailoverGroup {
    [CmdletBinding(SupportsShouldProcess)]
    param()

    foreach ($name in $Groups.Keys) {
        if ($PSCmdlet.ShouldProcess($name, 'Remove local group') -and $null -ne (Get-LocalGroup -Name $name -ErrorAction SilentlyContinue)) {
            Remove-LocalGroup -Name $name
        }
    }
}

# Under an account of its own that has no password and no rights but those given here.
function Add-FailoverService {
    [CmdletBinding()]
    param([Parameter(Mandatory)] [string] $Destination)

    $path = Join-Path $Destination $Executable
    New-Service -Name $ServiceName -DisplayName $ServiceName -Description $ServiceDescription -BinaryPathName "`"$path`"" -StartupType Automatic | Out-Null
    Invoke-Program 'sc.exe' @('config', $ServiceName, 'obj=', $ServiceAccount)
    Invoke-Program 'sc.exe' @('sidtype', $ServiceName, 'unrestricted')

    # Started again after a second, five, thirty; also when it ended by itself with an error.
    Invoke-Program 'sc.exe' @('failure', $ServiceName, 'reset=', '86400', 'actions=', 'restart/1000/restart/5000/restart/30000')
    Invoke-Program 'sc.exe' @('failureflag', $ServiceName, '1')
}

function Remove-FailoverService {
    [CmdletBinding(SupportsShouldProcess)]
    param()

    if ($PSCmdlet.ShouldProcess($ServiceName, 'Remove service') -and (Test-Installed)) {
        Stop-FailoverService
        Invoke-Program 'sc.exe' @('delete', $ServiceName)
    }
}

# The message file is of the .NET Framework, which is part of Windows; one bundled into the executable could not be read.
function Register-EventSource {
    [CmdletBinding()]
    param()

    Invoke-Program 'reg.exe' @(
        'add', $EventSource, '/v', 'EventMessageFile', '/t', 'REG_EXPAND_SZ',
        '/d', '%SystemRoot%\Microsoft.NET\Framework64\v4.0.30319\EventLogMessages.dll', '/f')
    Invoke-Program 'reg.exe' @('add', $EventSource, '/v', 'TypesSupported', '/t', 'REG_DWORD', '/d', '7', '/f')
}

function Test-EventSource {
    [CmdletBinding()]
    [OutputType([bool])]
    param()

    Invoke-Native 'reg.exe' @('query', $EventSource) | Out-Null
    return $LASTEXITCODE -eq 0
}

function Unregister-EventSource {
    [CmdletBinding()]
    param()

    if (Test-EventSource) {
        Invoke-Program 'reg.exe' @('delete', $EventSource, '/f')
    }
}

function Open-Firewall {
    [CmdletBinding()]
    param(
        [Parameter(Mandatory)] [string] $Destination,
        [Parameter(Mandatory)] [int] $Port
    )

    Close-Firewall
    New-NetFirewallRule -DisplayName $ServiceName -Direction Inbound -Protocol TCP -LocalPort $Port -Action Allow `
        -Program (Join-Path $Destination $Executable) | Out-Null
}

function Close-Firewall {
    [CmdletBinding()]
    param()

    Get-NetFirewallRule -DisplayName $ServiceName -ErrorAction SilentlyContinue | Remove-NetFirewallRule
}

# Started, and answering.
function Start-FailoverService {
    [CmdletBinding(SupportsShouldProcess)]
    param(
        [Parameter(Mandatory)] [string] $Destination,
        [int] $Attempts = 60
    )

    if (-not $PSCmdlet.ShouldProcess($ServiceName, 'Start')) {
        return
    }

    Start-Service -Name $ServiceName
    for ($i = 0; $i -lt $Attempts; $i++) {
        $answer = Invoke-Native (Join-Path $Destination $Executable) 'health'
        if ($LASTEXITCODE -eq 0) {
            return
        }

        Start-Sleep -Seconds 1
    }

    throw "The service was started, but does not answer; the Application log tells more. $($answer -join ' ')"
}

# Stopped, and its process gone: Windows tells of the stop while the process still closes its database.
function Stop-FailoverService {
    [CmdletBinding(SupportsShouldProcess)]
    param([int] $Attempts = 150)

    if (-not $PSCmdlet.ShouldProcess($ServiceName, 'Stop')) {
        return
    }

    $process = (Get-ServiceEntry).ProcessId
    Stop-Service -Name $ServiceName
    for ($i = 0; $process -ne 0 -and $null -ne (Get-Process -Id $process -ErrorAction SilentlyContinue); $i++) {
        if ($i -ge $Attempts) {
            throw "The service was stopped, but its process $process has not ended for 30 seconds."
        }

        Start-Sleep -Milliseconds 200
    }
}

Export-ModuleMember -Function '*' -Variable 'ServiceName', 'ServiceAccount', 'Executable', 'SettingsFile'
