using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using Google.Protobuf.Reflection;
using Google.Rpc;
using Microsoft.AspNetCore.Grpc.JsonTranscoding;
using Microsoft.Extensions.Options;

namespace ClientFailover.Service.Transport.Rest.Json;

/// <summary>
/// Responsible for JSON transcoding speaking the documented JSON. The serializer's options are internal to the
/// package (dotnet/aspnetcore #46712) and its public settings do not suffice: they know neither names in any case,
/// nor converters, nor the shape of errors. They are reached here, and only here, before anything is serialized; the
/// package's version is pinned, a member that is gone fails at start, and the bytes are held by tests.
/// </summary>
internal sealed class TranscodingSerialization : IPostConfigureOptions<GrpcJsonTranscodingOptions>
{
    /// <inheritdoc/>
    public void PostConfigure(string? name, GrpcJsonTranscodingOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        options.JsonSettings.IgnoreDefaultValues = true;
        options.TypeRegistry = TypeRegistry.FromFiles(ErrorDetailsReflection.Descriptor);
        Shape(UnaryOptions(options));
        Shape(ServerStreamingOptions(options));
    }

    /// <summary>The options that unary calls and errors are written with.</summary>
    /// <param name="options">Options that were configured.</param>
    /// <returns>The serializer's options.</returns>
    [UnsafeAccessor(UnsafeAccessorKind.Method, Name = "get_UnarySerializerOptions")]
    public static extern JsonSerializerOptions UnaryOptions(GrpcJsonTranscodingOptions options);

    [UnsafeAccessor(UnsafeAccessorKind.Method, Name = "get_ServerStreamingSerializerOptions")]
    private static extern JsonSerializerOptions ServerStreamingOptions(GrpcJsonTranscodingOptions options);

    private static void Shape(JsonSerializerOptions options)
    {
        options.PropertyNameCaseInsensitive = true;
        options.NumberHandling = JsonNumberHandling.AllowReadingFromString;

        // A member that is given twice has no one meaning: proxies and services would read different ones.
        options.AllowDuplicateProperties = false;
        options.TypeInfoResolver = options.TypeInfoResolver!.WithAddedModifier(ContractModifier.Modify);
    }
}
