using System.Text;
using Serilog.Sinks.File;

namespace ClientFailover.Service.Logging;

/// <summary>Responsible for a line that a full disk or a power cut tore not running into the next.</summary>
internal sealed class WholeLines : FileLifecycleHooks
{
    /// <inheritdoc/>
    public override Stream OnFileOpened(string path, Stream underlyingStream, Encoding encoding)
    {
        if (underlyingStream.Length > 0 && !EndsLine(path))
        {
            underlyingStream.Write("\n"u8);
        }

        return underlyingStream;
    }

    private static bool EndsLine(string path)
    {
        using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, bufferSize: 0);
        file.Seek(-1, SeekOrigin.End);
        return file.ReadByte() == '\n';
    }
}
