namespace ClientFailover.Client.Buffering;

/// <summary>Another process has the folder.</summary>
/// <param name="message">What to do.</param>
/// <param name="inner">The cause.</param>
internal sealed class BufferInUseException(string message, Exception inner) : IOException(message, inner);
