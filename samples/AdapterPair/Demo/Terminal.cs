using System.Diagnostics;
using System.Globalization;
using System.Text;

namespace ClientFailover.Samples.AdapterPair.Demo;

/// <summary>
/// Responsible for what the user sees: lines that stay, each with its time and who it is about, and below them one
/// line that is written over. Colours and that last line only where there is a terminal.
/// </summary>
internal sealed class Terminal
{
    private const string Reset = "\e[0m";
    private const string EraseLine = "\r\e[K";

    private readonly Lock _gate = new();
    private readonly long _start = Stopwatch.GetTimestamp();
    private readonly bool _colours = !Console.IsOutputRedirected && Environment.GetEnvironmentVariable("NO_COLOR") is null or "";
    private string _status = "";

    public Terminal()
    {
        if (IsInteractive)
        {
            Console.OutputEncoding = Encoding.UTF8;
        }
    }

    /// <summary>Whether a line can be written over.</summary>
    public bool IsInteractive { get; } = !Console.IsOutputRedirected;

    /// <summary>Writes a line that stays.</summary>
    public void Line(Speaker speaker, string text)
    {
        var elapsed = Stopwatch.GetElapsedTime(_start).TotalSeconds.ToString("F1", CultureInfo.InvariantCulture);
        Write($"{elapsed,6} s  {Paint($"{speaker.Name,-8}", speaker.Colour)} {text}");
    }

    /// <summary>Writes text that stays, as it is.</summary>
    public void Write(string text)
    {
        lock (_gate)
        {
            Console.Write(IsInteractive ? $"{EraseLine}{text}\n{_status}" : $"{text}\n");
        }
    }

    /// <summary>Replaces the last line; nothing without a terminal.</summary>
    public void Status(string text)
    {
        if (!IsInteractive)
        {
            return;
        }

        lock (_gate)
        {
            // A line that wraps could not be erased.
            var width = Math.Max(Console.WindowWidth - 1, 20);
            _status = text.Length > width ? text[..width] : text;
            Console.Write($"{EraseLine}{_status}");
        }
    }

    public string Paint(string text, string colour) => _colours ? colour + text + Reset : text;
}
