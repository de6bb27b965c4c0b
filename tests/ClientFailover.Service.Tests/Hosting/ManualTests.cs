using System.Globalization;
using System.Text.RegularExpressions;
using ClientFailover.Service.Hosting;
using NUnit.Framework;

namespace ClientFailover.Service.Tests.Hosting;

/// <summary>Manual page and documents for who runs the service name the commands, exit codes and settings that there are.</summary>
public sealed partial class ManualTests
{
    private static readonly string Page = Read("client-failover.8");
    private static readonly string Index = Read("operations.md");
    private static readonly string Settings = Read("settings.md");

    [Test]
    public void ManualPage_Commands_AreAllThatThereAre() =>
        Assert.That(Entries("COMMANDS"), Is.EqualTo(Commands.All.Select(c => c.Name)));

    [Test]
    public void ManualPage_ExitStatus_AreAllThatThereAre() =>
        Assert.That(Entries("EXIT STATUS").Select(Number), Is.EqualTo(ExitCodes.All.Select(c => c.Code)));

    [Test]
    public void Index_ExitCodes_AreAllThatThereAre() =>
        Assert.That(Rows().Matches(Index).Select(m => Number(m.Groups[1].Value)), Is.EqualTo(ExitCodes.All.Select(c => c.Code)));

    [Test]
    public void Index_Commands_AreAllThatThereAre() =>
        Assert.That(Calls().Matches(Index).Select(m => m.Groups[1].Value).Distinct(), Is.EquivalentTo(Commands.All.Select(c => c.Name)));

    [Test]
    public void Settings_Table_HasAllThatThereAre() => Assert.That(
        Names().Matches(Settings).SelectMany(m => m.Groups[1].Value.Split(", ")), Is.EquivalentTo(SettingsBinder.Settings.Values.Select(p => p.Name)));

    private static IEnumerable<string> Entries(string section)
    {
        var start = Page.IndexOf($".SH {section}\n", StringComparison.Ordinal) + 1;
        var end = Page.IndexOf(".SH ", start, StringComparison.Ordinal);
        return Tags().Matches(Page[start..end]).Select(m => m.Groups[1].Value);
    }

    private static int Number(string text) => int.Parse(text, CultureInfo.InvariantCulture);

    private static string Read(string name) => File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "Hosting", name)).ReplaceLineEndings("\n");

    [GeneratedRegex(@"^\.TP\n\.B (\S+)$", RegexOptions.Multiline)]
    private static partial Regex Tags();

    [GeneratedRegex(@"^\| (\d) \|", RegexOptions.Multiline)]
    private static partial Regex Rows();

    [GeneratedRegex(@"^\| ([A-Z]\w+(?:, [A-Z]\w+)*) \|", RegexOptions.Multiline)]
    private static partial Regex Names();

    [GeneratedRegex(@"^client-failover ([a-z]+)", RegexOptions.Multiline)]
    private static partial Regex Calls();
}
