# Prints what is wrong with scripts: what does not parse, what Windows PowerShell 5.1 does not know, and habits that hide errors.
param([Parameter(Mandatory)] [string] $Folder)

$ErrorActionPreference = 'Stop'
$newer = 'TernaryExpressionAst', 'PipelineChainAst'
$newerTokens = 'QuestionQuestion', 'QuestionQuestionEquals', 'QuestionDot', 'QuestionLBracket', 'AndAnd', 'OrOr'
$ofWindows = 'Get-Service', 'New-Service', 'Start-Service', 'Stop-Service', 'Get-LocalGroup', 'New-LocalGroup', 'Remove-LocalGroup',
    'New-NetFirewallRule', 'Get-NetFirewallRule', 'Remove-NetFirewallRule', 'Get-CimInstance', 'Get-Acl'
$files = Get-ChildItem -LiteralPath $Folder -Include '*.ps1', '*.psm1' -Recurse
$trees = foreach ($file in $files) {
    $tokens = $null
    $errors = $null
    $tree = [System.Management.Automation.Language.Parser]::ParseFile($file.FullName, [ref] $tokens, [ref] $errors)
    [pscustomobject]@{ File = $file; Tree = $tree; Tokens = $tokens; Errors = $errors }
}

$own = foreach ($parsed in $trees) {
    $parsed.Tree.FindAll({ $args[0] -is [System.Management.Automation.Language.FunctionDefinitionAst] }, $true).Name
}

foreach ($parsed in $trees) {
    $name = $parsed.File.Name
    foreach ($problem in $parsed.Errors) {
        "${name}:$($problem.Extent.StartLineNumber): $($problem.Message)"
    }

    foreach ($token in $parsed.Tokens | Where-Object { $_.Kind -in $newerTokens }) {
        "${name}:$($token.Extent.StartLineNumber): '$($token.Text)' is not known to Windows PowerShell 5.1"
    }

    foreach ($node in $parsed.Tree.FindAll({ $args[0].GetType().Name -in $newer }, $true)) {
        "${name}:$($node.Extent.StartLineNumber): '$($node.Extent.Text)' is not known to Windows PowerShell 5.1"
    }

    foreach ($command in $parsed.Tree.FindAll({ $args[0] -is [System.Management.Automation.Language.CommandAst] }, $true)) {
        $called = $command.GetCommandName()
        if ($null -eq $called -or $called -in $own -or $called -in $ofWindows) {
            continue
        }

        $known = Get-Command -Name $called -ErrorAction SilentlyContinue
        if ($null -eq $known) {
            "${name}:$($command.Extent.StartLineNumber): '$called' is no command"
        }
        elseif ($known.CommandType -eq 'Alias') {
            "${name}:$($command.Extent.StartLineNumber): '$called' is an alias"
        }
        elseif ($known.CommandType -eq 'Application') {
            "${name}:$($command.Extent.StartLineNumber): '$called' is called without a look at its exit code"
        }
    }

    # Programs are run in one place: anywhere else what they write to standard error ends the script in Windows PowerShell 5.1.
    $native = $parsed.Tree.Find({ $args[0].Name -eq 'Invoke-Native' -and $args[0].GetType().Name -eq 'FunctionDefinitionAst' }, $true)
    foreach ($node in $parsed.Tree.FindAll({ $args[0].GetType().Name -in 'CommandAst', 'MergingRedirectionAst', 'FileRedirectionAst' }, $true)) {
        $runs = if ($node.GetType().Name -eq 'CommandAst') { $node.InvocationOperator -eq 'Ampersand' } else { "$($node.FromStream)" -in 'Error', 'All' }
        if ($runs -and ($null -eq $native -or $node.Extent.StartOffset -lt $native.Extent.StartOffset -or $node.Extent.EndOffset -gt $native.Extent.EndOffset)) {
            "${name}:$($node.Extent.StartLineNumber): '$($node.Extent.Text)' runs a program, or handles its errors, outside of Invoke-Native"
        }
    }

    foreach ($wanted in 'Set-StrictMode -Version 3.0', '$ErrorActionPreference = ''Stop''') {
        if (-not $parsed.Tree.Extent.Text.Contains($wanted)) {
            "${name}: has no $wanted"
        }
    }

    if ($parsed.File.Extension -eq '.ps1') {
        $help = $parsed.Tree.GetHelpContent()
        $parameters = $parsed.Tree.ParamBlock.Parameters.Name.VariablePath.UserPath
        foreach ($parameter in $parameters) {
            if ($null -eq $help -or -not $help.Parameters.ContainsKey($parameter.ToUpperInvariant())) {
                "${name}: -$parameter has no help"
            }
        }
    }
}
