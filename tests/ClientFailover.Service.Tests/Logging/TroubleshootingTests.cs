using System.Reflection;
using System.Text.RegularExpressions;
using ClientFailover.Service.Groups;
using Microsoft.Extensions.Logging;
using NUnit.Framework;

namespace ClientFailover.Service.Tests.Logging;

/// <summary>Whoever finds a warning in the log finds in the table what to do.</summary>
public sealed partial class TroubleshootingTests
{
    private static readonly IReadOnlyList<LoggerMessageAttribute> Messages = Find();

    private static readonly IReadOnlyList<Row> Table = Read(File.ReadAllLines(Path.Combine(AppContext.BaseDirectory, "Logging", "troubleshooting.md")));

    [Test]
    public void Messages_OfWarningAndAbove_AreFound() => Assert.That(Messages, Has.Count.GreaterThan(40));

    [TestCaseSource(nameof(Messages))]
    public void Message_OfWarningAndAbove_HasARow(object message)
    {
        var wanted = (LoggerMessageAttribute)message;
        var row = Table.SingleOrDefault(r => r.Id == wanted.EventId);

        Assert.That(row, Is.Not.Null, $"samples/operations/troubleshooting.md has no row for {wanted.EventId} ({wanted.Level}): {wanted.Message}");
        Assert.That((row!.Level, row.Message), Is.EqualTo((wanted.Level.ToString(), wanted.Message)), "The row tells of the message as it is.");
    }

    [TestCaseSource(nameof(Table))]
    public void Row_OfTheTable_IsOfAMessageAndSaysWhatToDo(object row)
    {
        var told = (Row)row;

        Assert.That(Messages.Select(m => m.EventId), Does.Contain(told.Id), $"No message of Warning or above has the id {told.Id}.");
        Assert.That((told.Meaning.Length, told.WhatToDo.Length), Is.GreaterThan((3, 3)), $"Row {told.Id} says what it means and what to do.");
    }

    [Test]
    public void Table_OfAllRows_IsInTheOrderOfIds()
    {
        Assert.That(Table.Select(r => r.Id), Is.Ordered);
        Assert.That(Table.Select(r => r.Id), Is.Unique);
    }

    [Test]
    public void Read_RowsOfAnyForm_AreAllRead() => Assert.That(
        Read(["| id | level | message | what it means | what to do |", "|---|---|---|---|---|", "| 1 | Warning | a | b | c |", "|2|Error|a {B}|b|c|"]),
        Is.EqualTo(new[] { new Row(1, "Warning", "a", "b", "c"), new Row(2, "Error", "a {B}", "b", "c") }));

    private static List<LoggerMessageAttribute> Find()
    {
        const BindingFlags any = BindingFlags.Static | BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly;
        return [.. typeof(GroupOwner).Assembly.GetTypes()
            .SelectMany(t => t.GetMethods(any))
            .Select(m => m.GetCustomAttribute<LoggerMessageAttribute>())
            .OfType<LoggerMessageAttribute>()
            .Where(m => m.Level >= LogLevel.Warning)
            .OrderBy(m => m.EventId)];
    }

    private static List<Row> Read(IEnumerable<string> lines) =>
        [.. lines.Select(l => RowPattern().Match(l)).Where(m => m.Success).Select(m => new Row(
            int.Parse(m.Groups[1].Value), m.Groups[2].Value, m.Groups[3].Value, m.Groups[4].Value, m.Groups[5].Value))];

    [GeneratedRegex(@"^\| *(\d+) *\| *([^|]*?) *\| *([^|]*?) *\| *([^|]*?) *\| *([^|]*?) *\|$")]
    private static partial Regex RowPattern();

    private sealed record Row(int Id, string Level, string Message, string Meaning, string WhatToDo)
    {
        public override string ToString() => $"{Id}";
    }
}
