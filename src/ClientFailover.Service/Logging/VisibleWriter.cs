using System.Globalization;
using System.Text;

namespace ClientFailover.Service.Logging;

/// <summary>
/// Responsible for a message coming out as <see cref="VisibleText"/> while it is being rendered: hundreds of role changes a second are
/// logged when a site fails, and a string made of each message first is garbage that delays the promotions themselves.
/// </summary>
/// <param name="output">Receives it, in one line; not owned.</param>
internal sealed class VisibleWriter(TextWriter output) : TextWriter(CultureInfo.InvariantCulture)
{
    /// <inheritdoc/>
    public override Encoding Encoding => output.Encoding;

    /// <inheritdoc/>
    public override void Write(char value) => VisibleText.Write(output, [value]);

    /// <inheritdoc/>
    public override void Write(string? value) => VisibleText.Write(output, value);

    /// <inheritdoc/>
    public override void Write(char[] buffer, int index, int count) => VisibleText.Write(output, buffer.AsSpan(index, count));

    /// <inheritdoc/>
    public override void Write(ReadOnlySpan<char> buffer) => VisibleText.Write(output, buffer);
}
