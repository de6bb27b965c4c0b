using System.Net;
using System.Text.Json;
using ClientFailover.Service.Logging;
using Microsoft.Extensions.Logging;
using NUnit.Framework;
using Serilog.Formatting;

namespace ClientFailover.Service.Tests.Logging;

/// <summary>What a line of the log looks like, and that nobody can forge one.</summary>
public sealed partial class LogLineTests
{
    // Ends of lines in all of Unicode, cursor movements in both their forms, a turn of the writing direction, an invisible blank.
    private const string Forged = "a\r\n2026-01-01T00:00:00.000Z INF forged[1]: x\u2028y\u2029z\u0085\u001b[2J\u009b2J\u202e\u200b\0\t";
    private const string Visible = @"a\r\n2026-01-01T00:00:00.000Z INF forged[1]: x\u2028y\u2029z\u0085\u001b[2J\u009b2J\u202e\u200b\u0000\t";

    [TestCase(LogLevel.Trace, "VRB", "<7>")]
    [TestCase(LogLevel.Debug, "DBG", "<7>")]
    [TestCase(LogLevel.Information, "INF", "<6>")]
    [TestCase(LogLevel.Warning, "WRN", "<4>")]
    [TestCase(LogLevel.Error, "ERR", "<3>")]
    [TestCase(LogLevel.Critical, "FTL", "<2>")]
    public void Text_EachLevel_HasItsNameAndPriority(LogLevel level, string name, string priority)
    {
        void Write(ILogger log) => LogTold(log, level, "G", 1.5, IPAddress.Loopback, null);

        Assert.That(
            LogPipe.Write(LogFormats.Create("Text"), Write),
            Does.Match(@"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z " + name + @" Some\.Category\[42\]: Group G took 1\.500 s from 127\.0\.0\.1\n$"));
        Assert.That(
            LogPipe.Write(LogFormats.Create("text", forJournal: true), Write),
            Is.EqualTo($"{priority}{name} Some.Category[42]: Group G took 1.500 s from 127.0.0.1\n"));
    }

    [Test]
    public void Text_Exception_FollowsInLinesThatBeginWithBlanks()
    {
        var text = LogPipe.Write(LogFormats.Create("Text"), log => LogTold(log, LogLevel.Error, "G", 0, null, new InvalidOperationException(Forged)));

        var lines = text.TrimEnd('\n').Split('\n');
        Assert.That(lines[0], Does.Contain(" ERR Some.Category[42]: Group G"));
        Assert.That(lines[1], Does.StartWith("    System.InvalidOperationException: a"));
        Assert.That(lines.Skip(1), Is.All.StartsWith("    "));
        Assert.That(text, Does.Contain("forged").And.Not.Contain('\r').And.Not.Contain('\u001b').And.Not.Contain('\u2028'));
    }

    [Test]
    public void Text_ExceptionForTheJournal_IsOneEntry()
    {
        var text = LogPipe.Write(
            LogFormats.Create("Text", forJournal: true), log => LogTold(log, LogLevel.Error, "G", 0, null, new InvalidOperationException("first\n<0>second")));

        Assert.That(text.TrimEnd('\n'), Does.Not.Contain('\n').And.Contain(" | System.InvalidOperationException: first | <0>second"));
    }

    [Test]
    public void Text_WhatCallersWrote_CannotEndALine()
    {
        var text = LogPipe.Write(LogFormats.Create("Text"), log => LogTold(log, LogLevel.Information, Forged, 0, null, null), category: "C\nforged");

        Assert.That(text.TrimEnd('\n'), Does.EndWith($@"INF C\nforged[42]: Group {Visible} took 0.000 s from null").And.Not.Contain('\n'));
    }

    [Test]
    public void Json_WhatCallersWrote_CannotEndALine()
    {
        var text = LogPipe.Write(LogFormats.Create("Json"), log => LogTold(log, LogLevel.Warning, Forged, 0, null, new InvalidOperationException(Forged)));

        Assert.That(text.TrimEnd('\n').Where(c => !VisibleText.IsPlain(c)), Is.Empty);
        var line = JsonDocument.Parse(text).RootElement;
        Assert.That(line.GetProperty("Group").GetString(), Is.EqualTo(Forged));
        Assert.That(line.GetProperty("@x").GetString(), Does.Contain(Forged));
    }

    [Test]
    public void Json_AnyMessage_HasItsPartsByName()
    {
        var text = LogPipe.Write(LogFormats.Create("JSON"), log => LogTold(log, LogLevel.Critical, "Ä{0}", 1.25, IPAddress.IPv6Loopback, null));

        var line = JsonDocument.Parse(text).RootElement;
        Assert.That(line.GetProperty("@t").GetDateTime().Kind, Is.EqualTo(DateTimeKind.Utc));
        Assert.That(line.GetProperty("@l").GetString(), Is.EqualTo("Fatal"));
        Assert.That(line.GetProperty("@i").GetInt32(), Is.EqualTo(42));
        Assert.That(line.GetProperty("@m").GetString(), Is.EqualTo("Group Ä{0} took 1.250 s from ::1"));
        Assert.That(line.GetProperty("SourceContext").GetString(), Is.EqualTo("Some.Category"));
        Assert.That((line.GetProperty("Group").GetString(), line.GetProperty("Seconds").GetDouble()), Is.EqualTo(("Ä{0}", 1.25)));
        Assert.That(line.TryGetProperty("EventId", out _) || line.TryGetProperty("@x", out _), Is.False);
        Assert.That(text, Does.Contain("Ä"), "Names stay readable.");
    }

    [Test]
    public void Json_ValuesOfAllKinds_AreWrittenAsWhatTheyAre()
    {
        var text = LogPipe.Write(LogFormats.Create("Json"), log => LogKinds(log, true, 7L, double.NaN, new DateTime(2026, 1, 2, 0, 0, 0, DateTimeKind.Utc), [1, 2], null));

        Assert.That(text, Does.Contain("""
            "Flag":true,"Number":7,"Odd":"NaN","Time":"2026-01-02T00:00:00.0000000Z","List":[1,2],"Nothing":null
            """));
    }

    [TestCase("Text")]
    [TestCase("Json")]
    public void Message_OfTheFramework_IsWrittenWithoutId(string format)
    {
        ITextFormatter formatter = LogFormats.Create(format);

        Assert.That(LogPipe.Write(formatter, log => log.Log(LogLevel.Information, default, "plain", null, (s, _) => s)), Does.Contain("plain").And.Contain(format == "Text" ? "[0]" : "\"@i\":0"));
    }

    [LoggerMessage(EventId = 42, Message = "Group {Group} took {Seconds:0.000} s from {Address}")]
    private static partial void LogTold(ILogger log, LogLevel level, string group, double seconds, IPAddress? address, Exception? exception);

    [LoggerMessage(43, LogLevel.Information, "{Flag} {Number} {Odd} {Time} {List} {Nothing}")]
    private static partial void LogKinds(ILogger log, bool flag, long number, double odd, DateTime time, int[] list, string? nothing);
}
