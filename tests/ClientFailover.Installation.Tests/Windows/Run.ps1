# Runs scripts one after the other on a Windows that there is not: its cmdlets and programs remember what they are told, and programs
# and folders are those of the test. Prints as JSON what was called, what was written, and what went wrong.
param([Parameter(Mandatory)] [string] $Steps)

$ErrorActionPreference = 'Stop'
$global:Calls = [System.Collections.Generic.List[string]]::new()
$global:Services = @{}
$global:Groups = @{}
$global:Rules = @{}
$global:Keys = @{}
$global:Paths = @{}
$global:Processes = @{}
$global:LastProcess = 0
$global:Given = @{ Owner = 'BA'; ProcessStays = $false }

function global:Add-Call { $global:Calls.Add($args -join ' ') }

function global:Get-Service {
    [CmdletBinding()] param([string] $Name)
    if ($global:Services.ContainsKey($Name)) { return [pscustomobject]@{ Name = $Name; Status = $global:Services[$Name] } }
    Write-Error "There is no service '$Name'."
}

function global:New-Service {
    [CmdletBinding()] param([string] $Name, [string] $DisplayName, [string] $Description, [string] $BinaryPathName, [string] $StartupType)
    Add-Call 'New-Service' $Name $BinaryPathName $StartupType
    $global:Services[$Name] = 'Stopped'
    $global:Paths[$Name] = $BinaryPathName
}

function global:Start-Service {
    [CmdletBinding()] param([string] $Name)
    Add-Call 'Start-Service' $Name
    $global:Services[$Name] = 'Running'
    $global:LastProcess++
}

# The service is told to be stopped before its process has ended, which is looked at twice in vain.
function global:Stop-Service {
    [CmdletBinding()] param([string] $Name)
    Add-Call 'Stop-Service' $Name
    if ($global:Services[$Name] -eq 'Running') { $global:Processes[$global:LastProcess] = 2 }
    $global:Services[$Name] = 'Stopped'
}

function global:Get-CimInstance {
    [CmdletBinding()] param([string] $ClassName, [string] $Filter)
    $name = ($Filter -split "'")[1]
    if ($ClassName -eq 'Win32_Service' -and $global:Services.ContainsKey($name)) {
        $process = if ($global:Services[$name] -eq 'Running') { $global:LastProcess } else { 0 }
        return [pscustomobject]@{ Name = $name; ProcessId = $process; PathName = $global:Paths[$name] }
    }
}

# Until it has ended a process changes its database.
function global:Get-Process {
    [CmdletBinding()] param([int] $Id)
    if ($global:Processes.ContainsKey($Id)) {
        if ($global:Given.ProcessStays -or $global:Processes[$Id]-- -gt 0) { return [pscustomobject]@{ Id = $Id } }
        $global:Processes.Remove($Id)
        Add-Call 'Process' $Id 'ended'
        $database = Join-Path $env:ProgramData 'ClientFailover/clientfailover.db'
        if (Test-Path -LiteralPath $database) { Add-Content -LiteralPath $database -Value ', closed' -NoNewline }
    }

    Write-Error "There is no process $Id."
}

function global:Get-Acl {
    [CmdletBinding()] param([string] $LiteralPath)
    return [pscustomobject]@{ Path = $LiteralPath; Sddl = "O:$($global:Given.Owner)G:SYD:AI(A;OICIID;FA;;;SY)" }
}

function global:Get-LocalGroup {
    [CmdletBinding()] param([string] $Name)
    if ($global:Groups.ContainsKey($Name)) { return $Name }
    Write-Error "There is no group '$Name'."
}

function global:New-LocalGroup {
    [CmdletBinding()] param([ValidateLength(1, 256)] [string] $Name, [ValidateLength(0, 48)] [string] $Description)
    Add-Call 'New-LocalGroup' $Name
    $global:Groups[$Name] = $Description
}

function global:Remove-LocalGroup {
    [CmdletBinding()] param([string] $Name)
    Add-Call 'Remove-LocalGroup' $Name
    $global:Groups.Remove($Name)
}

function global:New-NetFirewallRule {
    [CmdletBinding()] param($DisplayName, $Direction, $Protocol, $LocalPort, $Action, $Program)
    Add-Call 'New-NetFirewallRule' $DisplayName $Direction $Protocol $LocalPort $Action $Program
    $global:Rules[$DisplayName] = $LocalPort
}

function global:Get-NetFirewallRule {
    [CmdletBinding()] param($DisplayName)
    if ($global:Rules.ContainsKey($DisplayName)) { return [pscustomobject]@{ DisplayName = $DisplayName } }
    Write-Error "There is no rule '$DisplayName'."
}

function global:Remove-NetFirewallRule {
    [CmdletBinding()] param([Parameter(ValueFromPipeline)] $Rule)
    process {
        Add-Call 'Remove-NetFirewallRule' $Rule.DisplayName
        $global:Rules.Remove($Rule.DisplayName)
    }
}

function global:sc.exe {
    Add-Call 'sc.exe' @args
    if ($args[0] -eq 'delete') { $global:Services.Remove($args[1]); $global:Paths.Remove($args[1]) }
    $global:LASTEXITCODE = 0
}

function global:icacls.exe {
    Add-Call 'icacls.exe' @args
    $global:LASTEXITCODE = 0
}

# What a program writes to standard error ends the script of who called it with "Stop", as in Windows PowerShell 5.1.
function global:reg.exe {
    [CmdletBinding()] param([Parameter(ValueFromRemainingArguments)] [string[]] $Arguments)
    $global:LASTEXITCODE = 0
    switch ($Arguments[0]) {
        'query' {
            if (-not $global:Keys.ContainsKey($Arguments[1])) {
                $global:LASTEXITCODE = 1
                if ($PSCmdlet.SessionState.PSVariable.GetValue('ErrorActionPreference') -eq 'Stop') { throw 'ERROR: There is no such key.' }
            }
        }
        'add' { Add-Call 'reg.exe' @Arguments; $global:Keys[$Arguments[1]] = $true }
        'delete' { Add-Call 'reg.exe' @Arguments; $global:Keys.Remove($Arguments[1]) }
    }
}

function global:Start-Sleep { }

$problems = @()
$written = foreach ($step in $Steps | ConvertFrom-Json -AsHashtable) {
    $arguments = $step.Arguments
    try {
        & $step.Script @arguments
    }
    catch {
        $problems += "$_"
    }
}

@{
    Calls = $global:Calls
    Written = @($written | ForEach-Object { "$_" })
    Problems = $problems
    Services = $global:Services
    Groups = @($global:Groups.Keys | Sort-Object)
    Rules = @($global:Rules.Keys)
    Keys = @($global:Keys.Keys)
} | ConvertTo-Json -Depth 4
