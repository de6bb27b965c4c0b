namespace ClientFailover.Benchmarks.Http2;

/// <summary>Collects what is to be sent, so that many frames leave in one system call.</summary>
internal sealed class OutputBuffer
{
    private byte[] _bytes = new byte[4096];

    /// <summary>How much is waiting.</summary>
    public int Length { get; private set; }

    /// <summary>What is waiting.</summary>
    public ReadOnlySpan<byte> Written => _bytes.AsSpan(0, Length);

    /// <summary>Makes room at the end, to be filled by the caller.</summary>
    /// <param name="length">How much.</param>
    /// <returns>The room.</returns>
    public Span<byte> Append(int length)
    {
        if (_bytes.Length - Length < length)
        {
            Array.Resize(ref _bytes, Math.Max(_bytes.Length * 2, Length + length));
        }

        var room = _bytes.AsSpan(Length, length);
        Length += length;
        return room;
    }

    /// <summary>Appends bytes.</summary>
    /// <param name="bytes">The bytes.</param>
    public void Append(ReadOnlySpan<byte> bytes) => bytes.CopyTo(Append(bytes.Length));

    /// <summary>Forgets what was waiting.</summary>
    public void Clear() => Length = 0;
}
