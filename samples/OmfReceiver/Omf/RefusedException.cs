namespace ClientFailover.Samples.OmfReceiver.Omf;

/// <summary>A message is not taken; the message says why, for the sender.</summary>
internal sealed class RefusedException(int status, string message) : Exception(message)
{
    /// <summary>The HTTP status to answer with.</summary>
    public int Status { get; } = status;

    public static RefusedException Malformed(string message) => new(StatusCodes.Status400BadRequest, message);

    public static RefusedException NotSupported(string message) => new(StatusCodes.Status501NotImplemented, message);
}
