using System.Text;

namespace ClientFailover.Conformance.Fuzz;

/// <summary>Who sends a request.</summary>
internal enum Sender
{
    /// <summary>Somebody without credentials.</summary>
    Nobody,

    /// <summary>Somebody whose header Authorization is none that a scheme knows.</summary>
    Malformed,

    /// <summary>Somebody with a wrong password.</summary>
    Wrong,

    /// <summary>The user.</summary>
    User,

    /// <summary>The administrator of the service.</summary>
    Administrator,

    /// <summary>The administrator of a tenant.</summary>
    Tenant,
}

/// <summary>A request of the fuzz run.</summary>
/// <param name="Sender">Who sends it.</param>
/// <param name="Authorization">What the header says if it is malformed or wrong; else null, as accounts differ from run to run.</param>
internal abstract record FuzzInput(Sender Sender, string? Authorization)
{
    /// <summary>Whether the sender has an account.</summary>
    public bool IsAuthorised => Sender >= Sender.User;

    /// <summary>What is sent besides the header Authorization, to be kept as a case.</summary>
    public abstract string Describe();
}

/// <summary>A request over HTTP/1.1, in three parts: the header Authorization is put after the first.</summary>
/// <param name="Sender">Who sends it.</param>
/// <param name="Authorization">As of any input.</param>
/// <param name="Line">The request line with its end.</param>
/// <param name="Headers">The other header lines, and the empty one.</param>
/// <param name="Body">The body as it is on the wire.</param>
internal sealed record RestInput(Sender Sender, string? Authorization, byte[] Line, byte[] Headers, byte[] Body) : FuzzInput(Sender, Authorization)
{
    /// <summary>Whether it ends where HTTP says, so that another request can follow it.</summary>
    public bool IsWhole { get; init; } = true;

    /// <summary>Whether the sender goes without a word instead of waiting for an answer to what is not whole.</summary>
    public bool IsLeft { get; init; }

    /// <summary>Whether its answer has no body although it says how long it is.</summary>
    public bool IsHead => Line.AsSpan().StartsWith("HEAD "u8);

    /// <summary>The request line as text, a byte a character.</summary>
    public string Text => Encoding.Latin1.GetString(Line);

    /// <inheritdoc/>
    public override string Describe() =>
        $"new(Sender.{Sender}, {(Authorization is null ? "null" : $"\"{Authorization}\"")}, Hex(\"{Convert.ToHexString(Line)}\"), "
        + $"Hex(\"{Convert.ToHexString(Headers)}\"), Hex(\"{Convert.ToHexString(Body)}\")) {{ IsWhole = {(IsWhole ? "true" : "false")}, IsLeft = {(IsLeft ? "true" : "false")} }}  // {Text.Trim()}";
}

/// <summary>How a caller ends its half of a stream.</summary>
internal enum CallEnd
{
    /// <summary>With the last message, in order.</summary>
    Complete,

    /// <summary>By a reset right after the last message.</summary>
    Reset,

    /// <summary>By a reset when all other calls of the batch are answered.</summary>
    ResetLater,
}

/// <summary>A native call over HTTP/2.</summary>
/// <param name="Sender">Who sends it.</param>
/// <param name="Authorization">As of any input.</param>
/// <param name="Path">The method, as "/package.Service/Method".</param>
/// <param name="Headers">Other headers.</param>
/// <param name="Data">The payload of each DATA frame.</param>
/// <param name="End">How it ends.</param>
internal sealed record CallInput(
    Sender Sender, string? Authorization, string Path, (string Name, string Value)[] Headers, byte[][] Data, CallEnd End)
    : FuzzInput(Sender, Authorization)
{
    /// <inheritdoc/>
    public override string Describe() =>
        $"new(Sender.{Sender}, {(Authorization is null ? "null" : $"\"{Authorization}\"")}, \"{Path}\", "
        + $"[{string.Join(", ", Headers.Select(h => $"(\"{h.Name}\", \"{h.Value}\")"))}], "
        + $"[{string.Join(", ", Data.Select(d => $"Hex(\"{Convert.ToHexString(d)}\")"))}], CallEnd.{End})";
}

/// <summary>What follows the preface of an HTTP/2 connection instead of proper frames.</summary>
/// <param name="Bytes">All of it.</param>
internal sealed record FrameInput(byte[] Bytes) : FuzzInput(Sender.Nobody, null)
{
    /// <inheritdoc/>
    public override string Describe() => $"new(Hex(\"{Convert.ToHexString(Bytes)}\"))";
}
