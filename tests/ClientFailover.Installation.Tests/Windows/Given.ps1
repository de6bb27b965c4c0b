# What a test wants of the machine that Run.ps1 pretends, from here on.
param(
    # Whose the folders are, as security descriptors say it.
    [string] $Owner = 'BA',

    # A process does not end when its service is stopped.
    [switch] $ProcessStays,

    # A file that is removed.
    [string] $Removed
)

$global:Given = @{ Owner = $Owner; ProcessStays = [bool] $ProcessStays }
if ($Removed) { Remove-Item -LiteralPath $Removed }
