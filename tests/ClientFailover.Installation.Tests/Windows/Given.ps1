# What a test wants of the machine that Run.ps1 pretends, from here on.
param(
    # Whose the folders are, as security descriptors say it.
    [string] $Owner = 'BA',

    # A process does not end when its service is stopped.
    [switch] $ProcessStays,

    # A file that is removed.
    [string] $Removed,

    # Where the settings of the installed program say that its data are.
    [string] $DataDirectory
)

$global:Given = @{ Owner = $Owner; ProcessStays = [bool] $ProcessStays }
if ($Removed) { Remove-Item -LiteralPath $Removed }
if ($DataDirectory) {
    $settings = Join-Path $env:ProgramFiles 'ClientFailover/appsettings.json'
    $content = Get-Content -LiteralPath $settings -Raw | ConvertFrom-Json
    $content.ClientFailover.DataDirectory = $DataDirectory
    [System.IO.File]::WriteAllText($settings, ($content | ConvertTo-Json -Depth 10))
}
